import { setImmediate as breathe } from 'node:timers/promises';
import { Inject } from '@nestjs/common';
import Big from 'big.js';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsInt, Matches, Max, Min, ValidateNested } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { Settings } from '@app/config';
import { TaskHandler, type Handler, type TaskContext } from '@app/tasks';
import { IsDecimal, exactJson } from './decimal-text.js';
import { IsErrors, IsResults, ItemResult } from './item-result.js';

const OPERATIONS = ['+', '-', '*', '/'] as const;
/** The event loop gets its turn after so long. */
const STRETCH_MS = 5;

export class Calculation {
  @JSONSchema({ description: 'What the result is called.', examples: ['calc_0'] })
  @Matches(/^[^\p{Cc}\p{Cs}]{1,200}$/u, { message: 'must be 1 to 200 characters, without control characters' })
  name!: string;

  @IsDecimal()
  num_1!: number | string;

  @IsDecimal()
  num_2!: number | string;

  @IsIn(OPERATIONS, { message: `must be one of ${OPERATIONS.join(' ')}` })
  operation!: (typeof OPERATIONS)[number];

  @JSONSchema({ description: 'Decimal places of the result. A half is rounded away from zero.' })
  @IsInt({ message: 'must be a whole number' })
  @Min(0, { message: 'must be at least 0' })
  @Max(50, { message: 'must be at most 50' })
  result_rounding!: number;
}

export class RunCalculations {
  @JSONSchema({ description: 'The calculations, any number.' })
  @IsArray({ message: 'must be an array' })
  @ArrayMinSize(1, { message: 'must hold at least one item' })
  @ArrayMaxSize(100_000, { message: 'must hold at most 100000 items' })
  @ValidateNested({ each: true })
  @Type(() => Calculation)
  items!: Calculation[];
}

export class CalculationResults {
  @IsResults(
    { type: ['number', 'string'] },
    'Each result under its name: a text where a JSON number (a double) would not be exact.',
  )
  results!: Record<string, number | string>[];

  @IsErrors()
  errors!: Record<string, string>[];
}

/** Calculates with exact decimals. Pure: safe to repeat. */
@TaskHandler({
  type: 'calculation.run',
  title: 'Run calculations',
  description:
    'Adds, subtracts, multiplies and divides pairs of decimal numbers exactly, and rounds each result once. An item that cannot be ' +
    'calculated is in errors and does not fail the others.',
  payload: RunCalculations,
  result: CalculationResults,
  timeoutSeconds: 300,
})
export class CalculationRunHandler implements Handler<RunCalculations, CalculationResults> {
  constructor(@Inject(Settings) private readonly settings: Settings) {}

  async run({ items }: RunCalculations, { signal, progress }: TaskContext): Promise<CalculationResults> {
    const outcome = new ItemResult<number | string>(
      items.map(({ name }) => name),
      this.settings.maxResultBytes,
    );
    let since = performance.now();
    for (const [index, item] of items.entries()) {
      const result = calculate(item);
      if (result instanceof Big) outcome.add(index, exactJson(result));
      else outcome.fail(index, result);
      if (performance.now() - since < STRETCH_MS) continue;
      progress(index + 1, items.length);
      await breathe();
      signal.throwIfAborted();
      since = performance.now();
    }
    progress(items.length, items.length);
    return outcome.lists();
  }
}

/** The rounded result, or why there is none. */
function calculate({ num_1, num_2, operation, result_rounding }: Calculation): Big | string {
  const [a, b] = [new Big(String(num_1)), new Big(String(num_2))];
  switch (operation) {
    case '+':
      return a.plus(b).round(result_rounding, Big.roundHalfUp);
    case '-':
      return a.minus(b).round(result_rounding, Big.roundHalfUp);
    case '*':
      return a.times(b).round(result_rounding, Big.roundHalfUp);
    case '/':
      return b.eq(0) ? 'division by zero' : quotient(a, b, result_rounding);
  }
}

/** Rounded once: a quotient that is cut off first and rounded then can be off by one. */
function quotient(a: Big, b: Big, places: number): Big {
  const Rounding = Big();
  Rounding.DP = places;
  Rounding.RM = Big.roundHalfUp;
  return new Big(new Rounding(a).div(b));
}
