import { IsString, MaxLength } from 'class-validator';
import { TaskHandler, type Handler } from '@app/tasks';

export class ReverseText {
  /** Text to reverse, by user-perceived characters. */
  @IsString()
  @MaxLength(100_000)
  text!: string;
}

export class ReversedText {
  @IsString()
  text!: string;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Reverses a text. Pure: safe to repeat. */
@TaskHandler({
  type: 'text.reverse',
  title: 'Reverse text',
  description: 'Reverses a text by user-perceived characters, so that accents and emoji stay whole.',
  payload: ReverseText,
  result: ReversedText,
  timeoutSeconds: 10,
})
export class ReverseTextHandler implements Handler<ReverseText, ReversedText> {
  run({ text }: ReverseText): ReversedText {
    return {
      text: Array.from(graphemes.segment(text), ({ segment }) => segment)
        .reverse()
        .join(''),
    };
  }
}
