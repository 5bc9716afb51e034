import { describe, expect, it } from '@jest/globals';
import { suggestionsFor } from './suggestions';

const suggest = (text: string, cursor = text.length) =>
  suggestionsFor(text, cursor, ['email.send', 'text.reverse'], ['blue', 'b 2']);

describe('suggestionsFor', () => {
  it('offers keys, and the values of a key', () => {
    expect(suggest('st').map(({ text }) => text)).toEqual(['status:']);
    expect(suggest('status:fa')).toEqual([{ text: 'FAILED', hint: 'status', result: 'status:FAILED ', cursor: 14 }]);
    expect(suggest('type:').map(({ text }) => text)).toEqual(['email.send', 'text.reverse']);
  });

  it('changes the word at the cursor alone', () => {
    expect(suggest('type:em tag:x', 7)[0]).toMatchObject({ result: 'type:email.send tag:x', cursor: 16 });
  });

  it('quotes what has to be', () => {
    expect(suggest('tag:b 2'.slice(0, 5))[1]).toMatchObject({ result: 'tag:"b 2" ' });
  });

  it('is silent once the value is whole', () => {
    expect(suggest('status:FAILED')).toEqual([]);
  });
});
