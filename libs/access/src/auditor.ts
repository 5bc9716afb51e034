import { Batcher, StoreUnavailable } from '@app/tasks';
import type { AccessStore } from './access-store.js';
import type { AuditEntry } from './audit.js';

const MOST_TOGETHER = 500;

/** Writes the audit of acts: those that happen together share one transaction. */
export class Auditor {
  private readonly batcher: Batcher<AuditEntry, undefined>;

  constructor(store: AccessStore) {
    this.batcher = new Batcher(
      async (entries) => {
        await store.note(entries);
        return entries.map(() => undefined);
      },
      { maxItems: MOST_TOGETHER, hopeless: (error) => error instanceof StoreUnavailable },
    );
  }

  /** Resolves when the line is kept. Whoever acts waits for it, and does not act if it rejects. */
  note(entry: AuditEntry): Promise<undefined> {
    return this.batcher.add(entry);
  }
}
