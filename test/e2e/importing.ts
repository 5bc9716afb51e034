import { expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { eventually } from '../support/eventually.js';

const BOUNDARY = 'a-boundary-of-our-own';

interface Batch {
  finished: boolean;
}

interface Rows {
  items: { line: number; data?: unknown }[];
}

/** How a file becomes rows. The formats and the files that are refused are met in the specs. */
export function importing(api: Api): void {
  it('takes a file, makes it into rows, and names the bad ones by their lines', async () => {
    const dataset = `people-${Date.now()}`;
    const upload = await api.call<{ batch_id: string }>({
      method: 'POST',
      path: '/api/files',
      headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
      body: form({ dataset }, 'people.csv', 'id,name\n1,Ada\n2\n3,Grace\n'),
    });
    expect(upload.status).toBe(202);
    const batch = `/api/batches/${upload.body.batch_id}`;
    await eventually('the file is imported', async () => (await api.get<Batch>(batch)).body.finished, { within: 30_000 });

    const path = `/api/datasets/${dataset}`;
    expect((await api.get(path)).body).toMatchObject({ records: 2, errors: 1 });
    expect((await api.get<Rows>(`${path}/records`)).body.items.map(({ data }) => data)).toEqual([
      { id: '1', name: 'Ada' },
      { id: '3', name: 'Grace' },
    ]);
    expect((await api.get<Rows>(`${path}/errors`)).body.items.map(({ line }) => line)).toEqual([3]);
    expect((await api.get(`${path}/download`)).text.trim().split('\n')).toHaveLength(2);
    expect((await api.get<{ items: unknown[] }>('/api/datasets')).body.items.length).toBeGreaterThan(0);
  });
}

function form(fields: Record<string, string>, fileName: string, content: string): Buffer {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const file = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="${fileName}"\r\n\r\n${content}\r\n`;
  return Buffer.from(`${parts.join('')}${file}--${BOUNDARY}--\r\n`);
}
