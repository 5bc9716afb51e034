import { describe, expect, it } from '@jest/globals';
import { graphemes } from './graphemes.js';

const whole = new Intl.Segmenter('en', { granularity: 'grapheme' });
const segmented = (text: string) => Array.from(whole.segment(text), ({ segment }) => segment);

describe('graphemes', () => {
  it.each(['', 'a', 'e\u0301', '👩‍🚀', '🇩🇪🇫🇷🇪🇸', '\r\n', 'क्षि', '각', '\ud83d', 'a\u{1e000}', '👍🏽', '‍'])(
    'are those of %j, wherever a window ends',
    (text) => {
      for (let before = 500; before < 520; before++) {
        const long = 'x'.repeat(before) + text.repeat(40);

        expect([...graphemes(long)]).toEqual(segmented(long));
      }
    },
  );

  it('may be longer than a window', () => {
    const long = `a${'\u0301'.repeat(5_000)}b`;

    expect([...graphemes(long)]).toEqual([long.slice(0, -1), 'b']);
  });

  it('of a very long text are found', () => {
    expect([...graphemes('👩‍🚀'.repeat(20_000))]).toHaveLength(20_000);
    expect([...graphemes('góod'.repeat(25_000))]).toHaveLength(100_000);
  });
});
