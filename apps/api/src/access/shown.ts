import { Inject, Injectable } from '@nestjs/common';
import { onlyReads, type Principal } from '@app/access';
import { Settings } from '@app/config';
import { Redactor } from '@app/redaction';
import type { LogLine, PastAttempt, Task } from '@app/tasks';
import { attemptView, logLineView, taskView, type AttemptView, type LogLineView, type TaskView } from '../tasks/task.view.js';

/** Tasks as their caller may see them: what REDACT names is hidden from those who only look on. */
@Injectable()
export class Shown {
  private readonly redactor: Redactor;

  constructor(@Inject(Settings) settings: Settings) {
    this.redactor = new Redactor(settings.redact);
  }

  task(task: Task, caller: Principal): TaskView {
    const view = taskView(task);
    if (!onlyReads(caller)) return view;
    const secrets = new Set<string>();
    const payload = this.redactor.json(view.payload, secrets);
    const metadata = this.redactor.json(view.metadata, secrets);
    const result = this.redactor.json(view.result, secrets);
    const text = (given: string) => this.redactor.text(given, secrets);
    return {
      ...view,
      payload,
      metadata,
      result,
      title: text(view.title),
      description: view.description && text(view.description),
      error: view.error && { ...view.error, message: text(view.error.message) },
      progress: view.progress && { ...view.progress, message: view.progress.message && text(view.progress.message) },
      callback_url: view.callback_url && text(view.callback_url),
    };
  }

  attempts(task: Task, attempts: readonly PastAttempt[], caller: Principal): AttemptView[] {
    const text = this.textOf(task, caller);
    return attempts.map(attemptView).map((view) => ({ ...view, error: { ...view.error, message: text(view.error.message) } }));
  }

  lines(task: Task, lines: readonly LogLine[], caller: Principal): LogLineView[] {
    const text = this.textOf(task, caller);
    return lines.map(logLineView).map((view) => ({ ...view, message: text(view.message) }));
  }

  /** Tasks that were searched for, without those that were found by what is hidden: a search must not tell it either. */
  found(tasks: readonly Task[], q: string | undefined, caller: Principal): TaskView[] {
    const views = tasks.map((task) => this.task(task, caller));
    if (q === undefined || !onlyReads(caller)) return views;
    const sought = q.toLowerCase();
    return views.filter(({ title, description, payload, result, error }) =>
      [title, description, error?.message, JSON.stringify(payload), JSON.stringify(result)].some((text) =>
        text?.toLowerCase().includes(sought),
      ),
    );
  }

  /** Any other JSON, by the same pointers. */
  json<T>(value: T, caller: Principal): T {
    return onlyReads(caller) ? (this.redactor.json(value) as T) : value;
  }

  /** JSON in which texts may quote what is hidden. Without the task they are looked at for what a secret looks like. */
  quoting<T>(value: T, caller: Principal, task?: Task): T {
    if (!onlyReads(caller)) return value;
    const text = task ? this.textOf(task, caller) : (given: string) => this.redactor.text(given);
    return JSON.parse(JSON.stringify(value), (_, member: unknown) => (typeof member === 'string' ? text(member) : member)) as T;
  }

  /** What makes a text about the task fit for its caller. */
  textOf(task: Task, caller: Principal): (text: string) => string {
    if (!onlyReads(caller)) return (text) => text;
    const secrets = new Set<string>();
    for (const value of [task.payload, task.metadata, task.result]) this.redactor.json(value, secrets);
    return (text) => this.redactor.text(text, secrets);
  }
}
