import { beforeAll, expect, it } from '@jest/globals';
import { Api } from '../support/api.js';

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

/** The dashboard's files, as browsers get them. */
export function page(contract: Api): void {
  // Not watched: no document describes pages.
  const api = new Api();
  beforeAll(() => api.moveTo(contract.door));

  const assets = async () => {
    const { text } = await api.get('/', BROWSER);
    return [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
  };

  it('gives browsers the page at / and at the paths of its pages, to be asked for each time', async () => {
    for (const path of ['/', '/tasks', '/tasks/01a20037-8dec-73ce-8f71-2b92309417c2?tab=logs', '/setup']) {
      const { status, headers, text } = await api.get(path, BROWSER);
      expect([path, status, headers['cache-control']]).toEqual([path, 200, 'no-cache']);
      expect(headers['content-type']).toMatch(/^text\/html/);
      expect(text).toContain('<div id="root">');
    }
  });

  it('has nothing within the page that a policy without inline script refuses', async () => {
    const { text } = await api.get('/', BROWSER);

    expect(text).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:/i);
  });

  it('lets files whose names change with their content be kept for ever, and sends them packed', async () => {
    const paths = await assets();
    expect(paths.length).toBeGreaterThan(1);
    for (const path of paths) {
      const { status, headers } = await api.get(path, { 'accept-encoding': 'br, gzip' });
      expect([path, status, headers['content-encoding'], headers['cache-control']]).toEqual([
        path,
        200,
        'br',
        'public, max-age=31536000, immutable',
      ]);
    }
  });

  it('sends at most 300 kB for the first page', async () => {
    const sizes = await Promise.all(
      (await assets()).map(async (path) =>
        Number((await api.get(path, { 'accept-encoding': 'gzip' })).headers['content-length']),
      ),
    );

    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);
  });

  it('leaves the API alone: what is not there is not a page', async () => {
    for (const path of ['/api', '/api/nothing', '/docs/nothing', '/assets/gone.js', '/assets/%2e%2e/package.json']) {
      expect([path, (await api.get(path, BROWSER)).status]).toEqual([path, 404]);
    }
    expect((await api.get('/api/tasks', BROWSER)).headers['content-type']).toMatch(/^application\/json/);
  });

  it('gives programs no page where there is none', async () => {
    expect(await api.get('/tasks', { accept: 'application/json' })).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await api.post('/tasks', {}, BROWSER)).status).toBe(404);
    expect(await api.get('/api/tasks/01a20037-8dec-73ce-8f71-2b92309417c2/cancel', BROWSER)).toMatchObject({ status: 405 });
  });
}
