import { describe, expect, it } from '@jest/globals';
import { visibleText } from './visible-text';

describe('visibleText', () => {
  it('writes out what cannot be seen', () => {
    expect(visibleText('a\u202eb\u0000\u200b\ud800')).toBe('a\\u202eb\\u0000\\u200b\\ud800');
  });

  it('leaves ordinary text as it is, in any script', () => {
    const text = 'Zoë 👩‍🚀 नमस्ते\tline\nline';

    expect(visibleText(text)).toBe(text);
  });
});
