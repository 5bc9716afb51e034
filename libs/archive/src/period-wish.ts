import type { Violation } from '@app/tasks';
import type { Period } from './fiscal-year.js';

/** Which period is asked for: any, or a financial year, or else the one that ended last. */
export type PeriodWish = Period | { fiscalYear: number } | Record<never, never>;

/** How clients ask for one. */
export interface PeriodRequest {
  fiscal_year?: number | null;
  from?: string | null;
  to?: string | null;
}

/** What a client asks for, or what is wrong with it. */
export function readPeriod({ fiscal_year, from, to }: PeriodRequest): { wish: PeriodWish } | { violations: Violation[] } {
  if (from == null && to == null) return { wish: fiscal_year == null ? {} : { fiscalYear: fiscal_year } };
  if (fiscal_year != null) return violation('/fiscal_year', 'is for financial years; leave it out, or from and to');
  if (from == null) return violation('/from', 'is required with to');
  if (to == null) return violation('/to', 'is required with from');
  const period = { from: new Date(from), to: new Date(to) };
  if (Number.isNaN(period.from.getTime())) return violation('/from', 'must be a date that exists');
  if (Number.isNaN(period.to.getTime())) return violation('/to', 'must be a date that exists');
  if (period.from >= period.to) return violation('/to', 'must be after from');
  return { wish: period };
}

function violation(pointer: string, detail: string): { violations: Violation[] } {
  return { violations: [{ pointer, detail }] };
}
