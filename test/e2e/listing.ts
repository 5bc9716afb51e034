import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { plainTask, reverseTask, type Api, type Body, type TaskView } from '../support/api.js';
import { expectProblem } from '../support/matchers.js';

/** How clients find tasks. The target may hold any others, so each suite looks at its own by a tag. */
export function listing(api: Api): void {
  describe('in pages', () => {
    const tag = newTag();
    const ids: string[] = [];

    beforeAll(async () => {
      for (let n = 0; n < 11; n++) ids.push(await api.submitted(plainTask({ tags: [tag], delay_seconds: 3600 })));
    });

    it.each([1, 3, 4, 10, 11, 12])('of %d gives every task once, the newest first', async (size) => {
      const found = await api.listAll({ tag, page_size: size });

      expect(found.map(({ task_id }) => task_id)).toEqual([...ids].reverse());
    });

    it('gives no page more than it was asked for, and the last one no token', async () => {
      const first = await api.list({ tag, page_size: 6 });
      const last = await api.list({ tag, page_size: 6, page_token: first.body.next_page_token! });

      expect([first.body.items.length, last.body.items.length]).toEqual([6, 5]);
      expect(last.body.next_page_token).toBeNull();
    });

    it('keeps its place while newer tasks arrive', async () => {
      const moving = newTag();
      const before: string[] = [];
      for (let n = 0; n < 4; n++) before.push(await api.submitted(plainTask({ tags: [moving], delay_seconds: 3600 })));
      const first = await api.list({ tag: moving, page_size: 2 });
      await api.submitted(plainTask({ tags: [moving], delay_seconds: 3600 }));
      const second = await api.list({ tag: moving, page_size: 2, page_token: first.body.next_page_token! });

      expect([...first.body.items, ...second.body.items].map(({ task_id }) => task_id)).toEqual(before.reverse());
    });

    it('shows a task as reading it does', async () => {
      const { body } = await api.list({ tag, page_size: 1 });

      expect(body.items[0]).toEqual(await api.find(ids.at(-1)!));
    });

    it('gives an empty page where nothing fits', async () => {
      expect((await api.list({ tag: newTag() })).body).toEqual({ items: [], next_page_token: null });
    });

    it('answers at most 50 tasks to a client that names no size', async () => {
      expect((await api.list({})).body.items.length).toBeLessThanOrEqual(50);
    });
  });

  describe('by filter', () => {
    const tag = newTag();
    const tasks: Record<string, TaskView> = {};

    beforeAll(async () => {
      const submit = async (name: string, body: Body) => {
        const id = await api.submitted({ ...body, tags: [tag, `${tag}-${name.replaceAll(' ', '_')}`] });
        tasks[name] = await api.find(id);
        // So that no two of them were created in the same millisecond.
        while (Date.now() <= Date.parse(tasks[name].created_at) + 2) await api.get('/livez');
      };
      await submit('waiting', plainTask({ title: 'The Waiting ÄRGER 100%', delay_seconds: 3600 }));
      await submit('called off', plainTask({ title: 'Off', description: 'has an under_score', delay_seconds: 3600 }));
      await submit('reversed', reverseTask('x'));
      await submit('reversed later', reverseTask('y', { delay_seconds: 3600 }));
      await api.post(`/api/tasks/${tasks['called off']!.task_id}/cancel`);
      await api.untilFinal(tasks.reversed!.task_id);
    }, 30_000);

    const names = async (query: Record<string, string | number>): Promise<string[]> => {
      const found = await api.listAll({ tag, ...query });
      return found.map(({ tags }) =>
        tags
          .find((other) => other.startsWith(`${tag}-`))!
          .slice(tag.length + 1)
          .replaceAll('_', ' '),
      );
    };

    it.each([
      ['one status', { status: 'PENDING' }, ['reversed later', 'waiting']],
      ['another status', { status: 'CANCELLED' }, ['called off']],
      ['several statuses', { status: 'COMPLETED,CANCELLED' }, ['reversed', 'called off']],
      ['a type', { type: 'text.reverse' }, ['reversed later', 'reversed']],
      ['the plain type', { type: 'plain' }, ['called off', 'waiting']],
      ['a type and a status', { type: 'text.reverse', status: 'PENDING' }, ['reversed later']],
      ['text in the title, whatever the case', { q: 'WAITing' }, ['waiting']],
      ['text beyond ASCII, whatever the case', { q: 'ärger' }, ['waiting']],
      ['text in the description', { q: 'under_score' }, ['called off']],
      ['a percent sign', { q: '0%' }, ['waiting']],
      ['an underscore that is no wildcard', { q: 'r_s' }, ['called off']],
      ['text that a wildcard would find', { q: 'W%g' }, []],
      ['text and status', { q: 'off', status: 'CANCELLED' }, ['called off']],
      ['a backslash', { q: '\\' }, []],
      ['a type that does not exist', { type: 'no.such' }, []],
    ])('finds by %s', async (_name, query, expected) => {
      expect(await names(query as never)).toEqual(expected);
    });

    it('finds by the time of creation', async () => {
      const between = {
        created_after: tasks['called off']!.created_at,
        created_before: tasks['reversed later']!.created_at,
      };

      expect(await names(between)).toEqual(expect.arrayContaining(['reversed']));
      expect(await names(between)).not.toEqual(expect.arrayContaining(['waiting']));
      expect(await names(between)).not.toEqual(expect.arrayContaining(['reversed later']));
    });

    it('finds by an instant with an offset', async () => {
      const east = new Date(Date.parse(tasks['reversed later']!.created_at) + 1 + 5.75 * 3_600_000)
        .toISOString()
        .replace('Z', '+05:45');

      expect(await names({ created_before: east })).toHaveLength(4);
      expect(await names({ created_after: east })).toEqual([]);
    });

    it('pages through a filtered list without doubles or gaps', async () => {
      expect(await names({ q: 'e', page_size: 1 })).toEqual(await names({ q: 'e' }));
    });

    it('tells tags apart by their case', async () => {
      expect((await api.list({ tag: tag.toUpperCase() })).body.items).toEqual([]);
    });
  });

  it.each([
    ['page_size', '-1'],
    ['page_size', '0'],
    ['page_size', '201'],
    ['page_size', 'abc'],
    ['page_size', '1.5'],
    ['page_size', ''],
    ['page_size', '10; drop table tasks'],
    ['page_token', 'nonsense!'],
    ['page_token', 'bm9uc2Vuc2U'],
    ['status', 'DONE'],
    ['status', 'pending'],
    ['status', ''],
    ['type', 'a b'],
    ['tag', 'a\u0000b'],
    ['created_after', 'yesterday'],
    ['created_before', '2026-02-30T00:00:00Z'],
    ['created_after', '2026-01-01'],
    ['q', ''],
    ['q', 'x'.repeat(201)],
    ['offset', '9007199254740993'],
    ['sort', 'id;drop table tasks'],
    ['__proto__', 'x'],
    ['constructor', 'x'],
  ])('refuses ?%s=%s and says where', async (name, value) => {
    expectProblem(await api.list({ [name]: value }), 400, 'invalid_request', [`/query/${name}`]);
  });

  it('refuses a parameter that is given twice', async () => {
    expectProblem(await api.get('/api/tasks?page_size=1&page_size=2'), 400, 'invalid_request', ['/query/page_size']);
  });
}

function newTag(): string {
  return `t-${randomBytes(6).toString('hex')}`;
}
