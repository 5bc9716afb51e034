import { IsString, MaxLength } from 'class-validator';
import { TaskHandler, type Handler } from '@app/tasks';
import { graphemes } from './graphemes.js';

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
    return { text: [...graphemes(text)].reverse().join('') };
  }
}
