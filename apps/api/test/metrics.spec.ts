import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { get, openDoor, post, type Door } from './door.js';

let door: Door;
beforeEach(async () => {
  door = await openDoor();
});
afterEach(() => door.close());

const metrics = async () => (await get(door, '/metrics')).body as string;

describe('/metrics', () => {
  it('is text for Prometheus', async () => {
    const answer = await get(door, '/metrics');

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(answer.body).toContain('# TYPE taskwell_task_wait_seconds histogram');
    expect(answer.body).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(answer.body).toMatch(/^taskwell_build_info\{version="\d+\.\d+\.\d+"\} 1$/m);
    expect(answer.body).toMatch(/^taskwell_event_loop_lag_seconds\{quantile="0\.99"\} \d/m);
  });

  it('counts submissions', async () => {
    await post(door, '/api/tasks', { title: 't', description: 'd' });

    expect(await metrics()).toContain('taskwell_tasks_submitted_total{type="plain"} 1\n');
  });

  it('counts tasks that were cancelled', async () => {
    const { body } = await post(door, '/api/tasks', { title: 't', description: 'd' });
    await post(door, `/api/tasks/${body.task_id}/cancel`, '');

    expect(await metrics()).toContain('taskwell_tasks_finished_total{type="plain",status="CANCELLED"} 1\n');
  });

  it('counts requests by route, and knows no path that a client made up', async () => {
    const { body } = await post(door, '/api/tasks', { title: 't', description: 'd' });
    await get(door, `/api/tasks/${body.task_id}`);
    await get(door, '/no/such/path');

    const text = await metrics();
    expect(text).toContain('taskwell_http_requests_total{route="/api/tasks/:task_id",method="GET",status="200"} 1\n');
    expect(text).toContain('taskwell_http_requests_total{route="unknown",method="GET",status="404"} 1\n');
    expect(text).not.toContain(body.task_id);
    expect(text).not.toContain('/no/such/path');
  });

  it('tells how much waits, and who is there', async () => {
    await post(door, '/api/tasks', { title: 't', description: 'd' });
    await post(door, '/api/tasks', { title: 't', description: 'd', delay_seconds: 3600 });

    const text = await metrics();
    expect(text).toContain('taskwell_queue_ready{type="plain"} 1\n');
    expect(text).toContain('taskwell_queue_scheduled{type="plain"} 1\n');
    expect(text).toMatch(/^taskwell_queue_oldest_ready_seconds\{type="plain"\} 0(?:\.\d+)?$/m);
    expect(text).toContain('taskwell_workers{state="alive"} 0\n');
  });

  it('counts what the broker did not do', async () => {
    door.transport.away = true;
    await get(door, '/readyz');

    expect(await metrics()).toContain('taskwell_broker_errors_total{operation="ping"} 1\n');
  });
});
