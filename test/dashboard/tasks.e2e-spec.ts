import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.js';
import { describeInBrowser } from './suite.js';

const FAILURES = 500;

const failing = (index: number) => ({
  type: 'show.fail',
  title: `Sync ${index}`,
  payload: { shop: index },
  tags: ['sync'],
  max_attempts: 1,
});
const search = async (page: Page, text: string) => {
  await page.keyboard.press('/');
  await page.getByRole('combobox', { name: 'Search tasks' }).fill(text);
  await page.keyboard.press('Enter');
};

describeInBrowser('Tasks', {}, (visit) => {
  it('shows a task that comes while it looks, and what becomes of it', async () => {
    const page = await visit.open('/tasks');
    await page.getByText('No tasks yet').waitFor();
    await visit.stage.api.submitted({ type: 'show.report', title: 'Comes later', payload: { steps: 12, ms: 500 } });
    await page.getByRole('row', { name: /Running.*Comes later/ }).waitFor();
    await page.getByRole('row', { name: /Completed.*Comes later/ }).waitFor();
  });

  it('finds a task by what is in its payload, and keeps the search in the URL', async () => {
    await visit.stage.api.submitted({ type: 'text.reverse', title: 'Needle', payload: { text: 'a very rare word: quokka' } });
    await visit.stage.api.submitted({ type: 'text.reverse', title: 'Hay', payload: { text: 'nothing' } });
    const page = await visit.open('/tasks');
    await page.getByRole('link', { name: 'Hay' }).waitFor();
    await search(page, 'type:text.reverse quokka');
    await page.getByRole('link', { name: 'Hay' }).waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('link', { name: 'Needle' }).waitFor();
    expect(await page.getByRole('link', { name: 'Hay' }).count()).toBe(0);
    expect(await page.getByRole('combobox', { name: 'Search tasks' }).inputValue()).toBe('type:text.reverse quokka');
  });

  it('suggests types, statuses and tags', async () => {
    const page = await visit.open('/tasks');
    await page.getByRole('combobox', { name: 'Search tasks' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('type:text.s');
    await page.getByRole('option', { name: /text.sentiment/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');

    expect(await page.getByRole('combobox', { name: 'Search tasks' }).inputValue()).toBe('type:text.sentiment ');
  });

  it(`retries ${FAILURES} failed tasks at once, as an action that says how far it is`, async () => {
    await visit.stage.submitMany(FAILURES, failing);
    const failed = async (count: number) =>
      (await visit.stage.api.listAll({ tag: 'sync', status: 'FAILED', page_size: 200 })).length >= count;
    await eventually('all have failed', () => failed(FAILURES), { within: 60_000, every: 200 });
    const page = await visit.open('/tasks?query=status:FAILED tag:sync');
    await page.getByRole('checkbox', { name: 'Select all that are loaded' }).check();
    await page.getByRole('button', { name: 'Take all that match' }).click();
    await page.getByRole('button', { name: 'Retry', exact: true }).click();
    await page.getByRole('button', { name: `Retry ${FAILURES} tasks` }).click();
    await page.getByText(`Retried ${FAILURES} tasks`).waitFor({ timeout: 60_000 });

    await eventually('all were run again', () => failed(2 * FAILURES), { within: 60_000, every: 200 });
  }, 180_000);

  it('retries a failed task in one click', async () => {
    const id = await visit.stage.api.submitted(failing(0));
    await visit.stage.api.untilFinal(id);
    const page = await visit.open(`/tasks/${id}`);
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.waitForURL((url) => url.pathname !== `/tasks/${id}`);

    expect(await page.getByRole('link', { name: id }).getAttribute('href')).toBe(`/tasks/${id}`);
  });

  it('shows progress and log of a task that runs, and calls it off', async () => {
    const id = await visit.stage.api.submitted({ type: 'show.report', title: 'Long', payload: { steps: 600, ms: 200 } });
    const page = await visit.open(`/tasks/${id}`);
    await page.getByRole('progressbar', { name: 'Progress of the task' }).waitFor();
    await page.getByRole('log').getByText('Page 3 of 600 drawn').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Cancel the task' }).click();
    await page.getByText('Cancelled').first().waitFor();

    expect(await visit.stage.api.find(id)).toMatchObject({ status: 'CANCELLED' });
  });

  it('says why a task does not run', async () => {
    const id = await visit.stage.api.submitted({ type: 'text.reverse', payload: { text: 'x' }, delay_seconds: 3600 });
    const page = await visit.open(`/tasks/${id}`);

    expect(await page.getByRole('region', { name: 'Why is it not running?' }).innerText()).toMatch(/due/i);
  });

  it('goes by keys alone', async () => {
    await visit.stage.api.submitted({ type: 'text.reverse', title: 'Newest', payload: { text: 'x' } });
    const page = await visit.open('/');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.getByRole('link', { name: 'Newest' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Newest' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  });

  it('says when the server is away, comes back by itself, and still shows what was before', async () => {
    const id = await visit.stage.api.submitted({ type: 'text.reverse', title: 'From before', payload: { text: 'x' } });
    await visit.stage.api.untilFinal(id);
    const page = await visit.open('/tasks');
    await page.getByRole('link', { name: 'From before' }).waitFor();
    await visit.stage.process.kill();
    await page.getByText('No connection to the server').waitFor();
    await visit.stage.restart();
    await page.getByText('No connection to the server').waitFor({ state: 'detached', timeout: 40_000 });
    await page.getByRole('link', { name: 'From before' }).click();

    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('From before');
  }, 120_000);
});
