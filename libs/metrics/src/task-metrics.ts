import { FINAL_STATUSES, TaskObserver, type CallbackOutcome, type FinalStatus } from '@app/tasks';
import type { Distribution } from './distribution.js';
import type { Count, Metrics } from './metrics.js';

/** From a few milliseconds to an hour. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 3_600];

interface TypeMetrics {
  submitted: Count;
  started: Count;
  finished: Record<FinalStatus, Count>;
  wait: Distribution;
  run: Distribution;
}

/** Counts what the domain does. */
export class TaskMetrics extends TaskObserver {
  private readonly byType = new Map<string, TypeMetrics>();
  private readonly make: (type: string) => TypeMetrics;
  private readonly lost: Count;
  private readonly fenced: Count;
  private readonly repeated: Count;
  private readonly callbacks: Record<CallbackOutcome, Count>;

  constructor(metrics: Metrics) {
    super();
    const submitted = metrics.counter('taskwell_tasks_submitted_total', 'Tasks whose rows were committed by this process.', [
      'type',
    ]);
    const started = metrics.counter('taskwell_tasks_started_total', 'Attempts whose handler began.', ['type']);
    const finished = metrics.counter('taskwell_tasks_finished_total', 'Tasks that reached a final status.', ['type', 'status']);
    const wait = metrics.histogram('taskwell_task_wait_seconds', 'From due to the begin of the handler.', ['type'], BOUNDS);
    const run = metrics.histogram('taskwell_task_run_seconds', 'From the begin of a handler to its end.', ['type'], BOUNDS);
    this.make = (type) => ({
      submitted: submitted(type),
      started: started(type),
      finished: Object.fromEntries(FINAL_STATUSES.map((status) => [status, finished(type, status)])) as TypeMetrics['finished'],
      wait: wait(type),
      run: run(type),
    });
    this.lost = metrics.counter('taskwell_leases_lost_total', 'Attempts whose lease ran out: the worker died or was stuck.')();
    this.fenced = metrics.counter(
      'taskwell_duplicates_fenced_total',
      'Announcements of tasks that were taken or ended already, and outcomes of attempts that did not own their task any more.',
    )();
    this.repeated = metrics.counter(
      'taskwell_announcements_repeated_total',
      'Tasks that the sweeper announced again because nobody had taken them.',
    )();
    const callbacks = metrics.counter('taskwell_callbacks_total', 'Tries of callbacks by what became of them.', ['outcome']);
    this.callbacks = { delivered: callbacks('delivered'), failed: callbacks('failed'), given_up: callbacks('given_up') };
  }

  /** Shows the types that this build knows from the start: a rate needs the zero before the first one. */
  expect(types: readonly string[]): void {
    for (const type of types) this.of(type);
  }

  override submitted(type: string): void {
    this.of(type).submitted.value++;
  }

  override started(type: string, waitedMs: number): void {
    const { started, wait } = this.of(type);
    started.value++;
    wait.add(waitedMs / 1000);
  }

  override ran(type: string, ms: number): void {
    this.of(type).run.add(ms / 1000);
  }

  override finished(type: string, status: FinalStatus): void {
    this.of(type).finished[status].value++;
  }

  override leasesLost(count: number): void {
    this.lost.value += count;
  }

  override duplicatesFenced(count: number): void {
    this.fenced.value += count;
  }

  override announcementsRepeated(count: number): void {
    this.repeated.value += count;
  }

  override callbackTried(outcome: CallbackOutcome): void {
    this.callbacks[outcome].value++;
  }

  private of(type: string): TypeMetrics {
    let found = this.byType.get(type);
    if (!found) this.byType.set(type, (found = this.make(type)));
    return found;
  }
}
