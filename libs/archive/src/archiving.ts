import {
  InvalidPayload,
  NotNow,
  PermanentFailure,
  WrongStatus,
  failPoint,
  type Lease,
  type ScheduleStore,
  type TaskContext,
} from '@app/tasks';
import { ArchiveNotFound, requireRestorable, type Archive, type ArchivePlan, type ArchiveStatus } from './archive.js';
import type { ArchiveStorage } from './archive-storage.js';
import type { ArchiveStore, RowCount } from './archive-store.js';
import { Exporter } from './exporter.js';
import type { FiscalCalendar, Period } from './fiscal-year.js';
import type { PeriodWish } from './period-wish.js';
import { Remover } from './remover.js';
import { Restorer, type RestoreWish } from './restorer.js';
import { ARCHIVE_KINDS, type ArchiveKind } from './tables.js';
import { verify } from './verifier.js';

export interface ArchivingOptions {
  deleteRows: boolean;
  /** How long a write may take that was begun within a period that has just ended. */
  graceMs: number;
  /** How long an idempotency key is remembered. */
  keepKeysMs: number;
  /** How long to wait before the storage is asked again whether files are awake. */
  pollMs: number;
}

/** What an archive would hold if it began now. */
export interface Preview extends Omit<ArchivePlan, 'prefix'> {
  counts: Record<ArchiveKind, RowCount>;
}

/** Rows that others refer to for a while are looked at again after this time, and for so long. */
const HELD_AGAIN_MS = 10 * 60_000;
const HELD_FOR_MS = 7 * 24 * 3_600_000;

type Context = Pick<TaskContext, 'taskId' | 'attempt' | 'signal' | 'progress' | 'log'>;

/** Makes archives and puts them back: what the handlers and the routes have in common. */
export class Archiving {
  private readonly exporter: Exporter;
  private readonly remover: Remover;
  private readonly restorer: Restorer;

  constructor(
    private readonly store: ArchiveStore,
    private readonly storage: ArchiveStorage,
    private readonly clock: Pick<ScheduleStore, 'now'>,
    readonly calendar: FiscalCalendar,
    private readonly options: ArchivingOptions,
  ) {
    this.exporter = new Exporter(store, storage, options.keepKeysMs);
    this.remover = new Remover(store, storage, options.keepKeysMs);
    this.restorer = new Restorer(store, storage, options.pollMs);
  }

  /** Makes the archive of the task, or goes on where an earlier attempt ended. */
  make(wish: PeriodWish, context: Context): Promise<Archive> {
    return decided(this.makeOrGoOn(wish, context));
  }

  /** Puts the rows of an archive back. */
  restore(id: string, wish: RestoreWish, context: Context): Promise<Archive> {
    return decided(this.putBack(id, wish, context));
  }

  /** Counts and writes nothing. @throws InvalidPayload if the period has not ended */
  async preview(wish: PeriodWish): Promise<Preview> {
    const plan = this.planOf(wish, await this.clock.now());
    const counts = {} as Preview['counts'];
    for (const kind of ARCHIVE_KINDS) counts[kind] = await this.store.count(kind, plan.period, this.options.keepKeysMs);
    return { ...plan, counts };
  }

  /** @throws InvalidPayload */
  async requireEnded(wish: PeriodWish): Promise<void> {
    this.planOf(wish, await this.clock.now());
  }

  private async makeOrGoOn(wish: PeriodWish, context: Context): Promise<Archive> {
    const lease = leaseOf(context);
    const archive = await this.begin(wish, lease);
    if (archive.status === 'EXPORTING') {
      await this.exporter.run(archive, lease, context);
      const written = await this.read(archive.id);
      await verify(this.storage, written, await this.store.parts(archive.id), context);
      await this.enter(lease, archive.id, 'VERIFIED');
      failPoint('archive_verified');
    }
    if (archive.deleteRows && archive.status !== 'COMPLETED') await this.remove(archive, lease, context);
    if (archive.status !== 'COMPLETED') await this.enter(lease, archive.id, 'COMPLETED');
    return this.read(archive.id);
  }

  private async putBack(id: string, wish: RestoreWish, context: Context): Promise<Archive> {
    const lease = leaseOf(context);
    const archive = await this.read(id);
    requireRestorable(archive);
    if (archive.status !== 'RESTORING' || archive.restoreTaskId !== lease.id) await this.enter(lease, id, 'RESTORING');
    await this.restorer.run(archive, wish, lease, context);
    await this.enter(lease, id, 'RESTORED');
    return this.read(id);
  }

  private async begin(wish: PeriodWish, lease: Lease): Promise<Archive> {
    const begun = await this.store.find(lease.id);
    if (begun) return begun;
    const now = await this.clock.now();
    const plan = this.planOf(wish, now);
    const waitMs = plan.period.to.getTime() + this.options.graceMs - now.getTime();
    if (waitMs > 0) throw new NotNow('What was begun in the period may still be written.', waitMs);
    return this.store.begin(lease, { ...plan, prefix: `${plan.prefix}-${lease.id}` });
  }

  private planOf(wish: PeriodWish, now: Date): ArchivePlan {
    const { timeZone } = this.calendar;
    const { deleteRows } = this.options;
    if ('from' in wish) {
      requireEnded(wish, now);
      const prefix = [wish.from, wish.to].map((at) => at.toISOString().slice(0, 10)).join('_');
      return { period: { from: wish.from, to: wish.to }, fiscalYear: null, timeZone, prefix, deleteRows };
    }
    const fiscalYear = 'fiscalYear' in wish ? wish.fiscalYear : this.calendar.yearOf(now) - 1;
    const period = this.calendar.periodOf(fiscalYear);
    requireEnded(period, now);
    return { period, fiscalYear, timeZone, prefix: `year-${fiscalYear}`, deleteRows };
  }

  private async remove(archive: Archive, lease: Lease, context: Context): Promise<void> {
    await this.enter(lease, archive.id, 'DELETING');
    const held = await this.remover.run(archive, lease, context);
    if (held === 0) return;
    const { verifiedAt } = await this.read(archive.id);
    if (Date.now() - verifiedAt!.getTime() > HELD_FOR_MS) return context.log(`${held} rows stay: others refer to them`, 'warn');
    context.log(`${held} rows are referred to for now: callbacks not delivered, or idempotency keys not forgotten`);
    throw new NotNow(`${held} rows are referred to for now.`, HELD_AGAIN_MS);
  }

  /** @throws WrongStatus if the archive has moved on: it is being restored, and nothing of it may be deleted any more */
  private async enter(lease: Lease, id: string, status: ArchiveStatus): Promise<void> {
    if (!(await this.store.advance(lease, id, status))) {
      throw new WrongStatus(`The archive is ${(await this.read(id)).status} and cannot become ${status}.`);
    }
  }

  private async read(id: string): Promise<Archive> {
    const archive = await this.store.find(id);
    if (!archive) throw new ArchiveNotFound();
    return archive;
  }
}

/** What makes no sense now makes none at the next attempt. @throws PermanentFailure in the place of such an error */
async function decided<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: Error) => {
    const said =
      error instanceof InvalidPayload
        ? error.violations.map(({ pointer, detail }) => `${pointer} ${detail}`.trim()).join('; ')
        : error.message;
    const isFinal = error instanceof InvalidPayload || error instanceof WrongStatus || error instanceof ArchiveNotFound;
    throw isFinal ? new PermanentFailure(said, { cause: error }) : error;
  });
}

/** @throws InvalidPayload */
function requireEnded({ to }: Period, now: Date): void {
  if (to > now)
    throw new InvalidPayload([{ pointer: '', detail: `names a period that ends at ${to.toISOString()}, which has not come` }]);
}

function leaseOf({ taskId, attempt }: Context): Lease {
  return { id: taskId, attempt };
}
