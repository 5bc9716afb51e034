import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RecordStore, type BadRow } from '@app/records';
import { get, openDoor, send, type Door } from './door.js';

const PEOPLE = [
  { name: 'Ada', town: 'Oslo', note: '=HYPERLINK("http://x")' },
  { name: 'Bo, "B."', town: 'Bergen', note: '-12.5' },
  { name: ' Cy', town: 'Oslo', note: '@SUM(1)' },
  { name: 'Di', town: 'Oslo', note: null },
];
const BAD: BadRow[] = [5, 6].map((row) => ({ row, line: row + 1, reason: 'has 1 fields, not 3', text: 'x\n' }));

interface Row {
  data: Record<string, unknown>;
}

let door: Door;
beforeAll(async () => {
  door = await openDoor();
  await fill('people');
});
afterAll(() => door.close());

/** Makes rows a dataset, as an import does. */
async function fill(dataset: string): Promise<void> {
  const body = new FormData();
  body.append('dataset', dataset);
  body.append('file', new Blob(['x']), 'people.csv');
  const { items } = (await send(door, 'POST', '/api/files', { body })).body;
  const [task] = await door.store.claim([items[0].task_id], { workerId: 'test', leaseMs: 30_000, types: ['file.import'] });
  const lease = { id: task!.id, attempt: task!.attempt };
  const records = door.app.get(RecordStore);
  const { number } = await records.begin(lease, { dataset, source: 'uploads/people', name: 'people.csv', size: 1 });
  const slice = {
    after: 0,
    to: 6,
    numbers: PEOPLE.map((_, index) => index + 1),
    rows: PEOPLE.map((person) => JSON.stringify(person)),
    errors: BAD,
    fields: Object.keys(PEOPLE[0]!),
  };
  await records.append(lease, number, slice, 1);
  await records.end(lease, number, { format: 'csv', outcome: '' });
}

/** All items of a list, page by page. */
async function pages(path: string): Promise<Row[][]> {
  const found: Row[][] = [];
  let token: string | null = null;
  do {
    const { status, body } = await get(door, `${path}${token === null ? '' : `&page_token=${token}`}`);
    expect(status).toBe(200);
    found.push(body.items);
    token = body.next_page_token;
  } while (token !== null);
  return found;
}

const download = (query: string) => fetch(`${door.url}/api/datasets/people/download${query}`);

describe('The rows of a dataset', () => {
  it('come in pages, in the order of the file', async () => {
    const found = await pages('/api/datasets/people/records?page_size=3');

    expect(found.map((page) => page.map(({ data }) => data))).toEqual([PEOPLE.slice(0, 3), PEOPLE.slice(3)]);
  });

  it('are found by the value of a field, also page by page', async () => {
    const found = await pages('/api/datasets/people/records?page_size=2&field=town&value=Oslo');

    expect(found.flat().map(({ data }) => data.name)).toEqual(['Ada', ' Cy', 'Di']);
    expect((await pages('/api/datasets/people/records?page_size=2&field=none&value=Oslo')).flat()).toEqual([]);
  });

  it('that were bad come with their lines, in pages', async () => {
    const found = await pages('/api/datasets/people/errors?page_size=1');

    expect(found.flat()).toMatchObject([
      { file: 'people.csv', row: 5, line: 6, reason: 'has 1 fields, not 3' },
      { file: 'people.csv', row: 6, line: 7 },
    ]);
  });

  it.each(['page_token=zzz', 'page_size=0', 'field=town', 'value=Oslo', 'field=a%22b&value=1'])(
    'are not given for ?%s',
    async (query) => {
      expect(await get(door, `/api/datasets/people/records?${query}`)).toMatchObject({
        status: 400,
        body: { code: 'invalid_request' },
      });
    },
  );

  it.each(['', '/records', '/errors', '/download'])('of nothing are not found: /api/datasets/none%s', async (path) => {
    expect(await get(door, `/api/datasets/none${path}`)).toMatchObject({ status: 404, body: { code: 'dataset_not_found' } });
  });
});

describe('A download', () => {
  it('as NDJSON is what was imported', async () => {
    const answer = await download('');

    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = (await answer.text()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(PEOPLE);
  });

  it('as CSV holds no formula that a spreadsheet would run', async () => {
    const answer = await download('?format=csv');

    expect(answer.headers.get('content-disposition')).toContain('people.csv');
    expect(await answer.text()).toBe(
      [
        'name,town,note',
        'Ada,Oslo,"\'=HYPERLINK(""http://x"")"',
        '"Bo, ""B.""",Bergen,-12.5',
        '" Cy",Oslo,\'@SUM(1)',
        'Di,Oslo,',
        '',
      ].join('\r\n'),
    );
  });
});
