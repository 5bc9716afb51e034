import { IsIn, IsOptional, Matches } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { InvalidRequest, validate } from '@app/tasks';
import { TYPE } from '../tasks/submission.request.js';

export const RANGES = ['1h', '24h', '7d'] as const;
export type Range = (typeof RANGES)[number];

/** Of which time and type the figures are. */
export class StatsQuery {
  @JSONSchema({ description: 'Up to now; 1h unless given.' })
  @IsOptional()
  @IsIn(RANGES, { message: `must be one of ${RANGES.join(', ')}` })
  range?: Range;

  @IsOptional()
  @Matches(TYPE, { message: 'must be the name of a task type' })
  type?: string;
}

/** @throws InvalidRequest */
export function readStatsQuery(query: unknown): { range: Range; type: string | undefined } {
  const checked = validate(StatsQuery, query, '/query');
  if ('violations' in checked) throw new InvalidRequest(checked.violations);
  return { range: checked.value.range ?? '1h', type: checked.value.type };
}
