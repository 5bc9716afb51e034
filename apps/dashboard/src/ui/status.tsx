import type { Status } from '../api/types';

const LOOKS: Record<Status, [look: string, word: string]> = {
  PENDING: ['amber', 'Pending'],
  PROCESSING: ['blue busy', 'Running'],
  COMPLETED: ['green', 'Completed'],
  FAILED: ['red', 'Failed'],
  CANCELLED: ['', 'Cancelled'],
};

export function StatusBadge({ status }: { status: Status }) {
  const [look, word] = LOOKS[status];
  return <span className={`status ${look}`}>{word}</span>;
}

export function statusWord(status: Status): string {
  return LOOKS[status][1];
}

/** A state that is not a task's. */
export function StateBadge({ look, children }: { look: 'green' | 'amber' | 'red' | 'blue' | ''; children: string }) {
  return <span className={`status ${look}`}>{children}</span>;
}

export function isFinal(status: Status): boolean {
  return status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELLED';
}
