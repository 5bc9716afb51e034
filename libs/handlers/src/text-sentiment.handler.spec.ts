import { describe, expect, it } from '@jest/globals';
import { TextSentimentHandler } from './text-sentiment.handler.js';

const analyse = (text: string) => new TextSentimentHandler().run({ text });

describe('text.sentiment', () => {
  it.each([
    ['I love this product, it is wonderful!', 'positive'],
    ['This is terrible. I hate it.', 'negative'],
    ['The table is made of wood.', 'neutral'],
    ['This is not good at all', 'negative'],
    ["I don't like it", 'negative'],
    ['I don’t like it', 'negative'],
    ['Not bad!', 'positive'],
    ['No. Great!', 'positive'],
    ['GREAT WORK', 'positive'],
    ['😀 🎉', 'positive'],
    ['', 'neutral'],
    ['constructor __proto__ toString hasOwnProperty', 'neutral'],
    ['すばらしい', 'neutral'],
  ])('hears "%s" as %s', (text, label) => {
    expect(analyse(text).label).toBe(label);
  });

  it('says how sure it is, from -1 to 1', () => {
    expect(analyse('nice').score).toBeGreaterThan(0);
    expect(analyse('nice, good, wonderful, superb').score).toBeGreaterThan(analyse('nice').score);
    expect(analyse('superb '.repeat(10_000)).score).toBeLessThanOrEqual(1);
    expect(analyse('awful '.repeat(10_000)).score).toBeGreaterThanOrEqual(-1);
  });

  it('hears very long texts to their end', () => {
    expect(analyse('wooden table '.repeat(7_600) + 'superb').positive).toEqual(['superb']);
    expect(analyse('👎'.repeat(49_000)).label).toBe('negative');
    expect(analyse('李雷在北京'.repeat(19_000)).label).toBe('neutral');
  });

  it('names the words it went by', () => {
    expect(analyse('Good food, bad service, not great')).toMatchObject({ positive: ['good'], negative: ['bad', 'great'] });
  });
});
