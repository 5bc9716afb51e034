import { describe, expect, it } from '@jest/globals';
import { countErrors } from './count-errors.js';
import { HttpMetrics } from './http-metrics.js';
import { Metrics } from './metrics.js';
import { TaskMetrics } from './task-metrics.js';

/** The lines of one metric, without the comments. */
async function linesOf(metrics: Metrics, name: string): Promise<string[]> {
  return (await metrics.text()).split('\n').filter((line) => line.startsWith(name));
}

describe('TaskMetrics', () => {
  it('counts tasks by type, and final ones by status', async () => {
    const metrics = new Metrics();
    const tasks = new TaskMetrics(metrics);
    tasks.submitted('plain');
    tasks.submitted('plain');
    tasks.finished('plain', 'FAILED');

    expect(await linesOf(metrics, 'taskwell_tasks_submitted_total')).toEqual(['taskwell_tasks_submitted_total{type="plain"} 2']);
    expect(await linesOf(metrics, 'taskwell_tasks_finished_total')).toEqual(
      expect.arrayContaining([
        'taskwell_tasks_finished_total{type="plain",status="FAILED"} 1',
        'taskwell_tasks_finished_total{type="plain",status="COMPLETED"} 0',
      ]),
    );
  });

  it('gives times as buckets that each hold what lies below them', async () => {
    const metrics = new Metrics();
    const tasks = new TaskMetrics(metrics);
    tasks.started('plain', 3);
    tasks.started('plain', 700);
    tasks.started('plain', 5_000_000);

    const lines = await linesOf(metrics, 'taskwell_task_wait_seconds');

    expect(lines).toEqual(
      expect.arrayContaining([
        'taskwell_task_wait_seconds_bucket{type="plain",le="0.005"} 1',
        'taskwell_task_wait_seconds_bucket{type="plain",le="0.5"} 1',
        'taskwell_task_wait_seconds_bucket{type="plain",le="1"} 2',
        'taskwell_task_wait_seconds_bucket{type="plain",le="3600"} 2',
        'taskwell_task_wait_seconds_bucket{type="plain",le="+Inf"} 3',
        'taskwell_task_wait_seconds_count{type="plain"} 3',
      ]),
    );
  });

  it('shows the types of the build from the start', async () => {
    const metrics = new Metrics();
    new TaskMetrics(metrics).expect(['plain']);

    expect(await linesOf(metrics, 'taskwell_tasks_started_total')).toEqual(['taskwell_tasks_started_total{type="plain"} 0']);
  });
});

describe('HttpMetrics', () => {
  it('puts whatever clients make up under one label', async () => {
    const metrics = new Metrics();
    const http = new HttpMetrics(metrics);
    for (let n = 0; n < 100; n++) http.answered(undefined, `METHOD${n}`, 404, 1);

    expect(await linesOf(metrics, 'taskwell_http_requests_total')).toEqual([
      'taskwell_http_requests_total{route="unknown",method="other",status="404"} 100',
    ]);
  });
});

describe('countErrors', () => {
  class Away extends Error {}

  it('counts the errors of a kind by operation, and lets them pass', async () => {
    const counts: Record<string, { value: number }> = {};
    const target = { read: async (error: Error) => Promise.reject(error), keepFile: async () => 7 };
    countErrors(target, ['read', 'keepFile'], Away, (operation) => (counts[operation] = { value: 0 }));

    await expect(target.read(new Away('gone'))).rejects.toThrow('gone');
    await expect(target.read(new TypeError('defect'))).rejects.toThrow('defect');

    expect(await target.keepFile()).toBe(7);
    expect(counts).toEqual({ read: { value: 1 }, keep_file: { value: 0 } });
  });
});
