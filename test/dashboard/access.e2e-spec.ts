import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { send } from '../support/http.js';
import { describeInBrowser } from './suite.js';

const PASSWORD = 'correct horse battery';

const logIn = async (page: Page, name: string, password = PASSWORD) => {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
};
const ACTING = /^(Retry|Cancel(?!led)|Duplicate|New task|New schedule|Pause|Resume|Drain|Run now|Deliver again|Choose files)/;

describeInBrowser('Access', { ADMIN_PASSWORD: PASSWORD }, (visit) => {
  let failed: string;
  let cookie: string;

  beforeAll(async () => {
    const entered = await send(visit.stage.url, {
      method: 'POST',
      path: '/api/session',
      body: { name: 'admin', password: PASSWORD },
    });
    cookie = String(entered.headers['set-cookie']).split(';')[0]!;
    const submitted = await send<{ task_id: string }>(visit.stage.url, {
      method: 'POST',
      path: '/api/tasks',
      headers: { cookie, origin: visit.stage.url },
      body: { type: 'show.fail', title: 'Sync', payload: { token: 'hush', shop: 1 }, max_attempts: 1 },
    });
    failed = submitted.body.task_id;
  });

  it('lets nobody in without a password, and says so without saying more', async () => {
    const page = await visit.open('/tasks');
    await logIn(page, 'admin', 'wrong password!!');
    expect(await page.getByRole('alert').innerText()).toBe('Name or password do not fit.');
    await logIn(page, 'admin');
    await page.getByRole('heading', { name: 'Tasks' }).waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
  });

  it('an admin makes users and keys, and the audit tells of it', async () => {
    const page = await visit.open('/access/users');
    await logIn(page, 'admin');
    for (const role of ['viewer', 'operator']) {
      await page.getByRole('button', { name: 'New user' }).click();
      const dialog = page.getByRole('dialog', { name: 'New user' });
      await dialog.getByLabel('Name').fill(role);
      await dialog.getByLabel('Password').fill(PASSWORD);
      await dialog.getByLabel('Role').selectOption(role);
      await dialog.getByRole('button', { name: 'Make user' }).click();
      await page.getByRole('combobox', { name: `Role of ${role}` }).waitFor();
    }
    await page.getByRole('link', { name: 'API keys' }).click();
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('shop');
    await page.getByRole('button', { name: 'Make key' }).click();
    expect(await page.getByLabel('the key', { exact: true }).innerText()).toMatch(/^tw_/);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('cell', { name: 'shop' }).waitFor();
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByRole('cell', { name: /key/ }).first().waitFor();
  });

  it('a viewer sees everything but secrets, finds nothing to act with, and the API refuses too', async () => {
    const page = await visit.open(`/tasks/${failed}`);
    await logIn(page, 'viewer');
    await page.getByRole('heading', { name: 'Sync' }).waitFor();
    await page.getByRole('group', { name: 'Payload' }).waitFor();
    expect(await page.getByRole('group', { name: 'Payload' }).innerText()).not.toContain('hush');

    for (const path of [`/tasks/${failed}`, '/tasks', '/files', '/schedules', '/workers', '/queues', '/access', '/new']) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'hidden' });
      const [buttons, links] = await Promise.all([
        page.getByRole('main').getByRole('button', { name: ACTING }).count(),
        page.getByRole('link', { name: /^(New task|Duplicate)/ }).count(),
      ]);
      expect([path, buttons, links]).toEqual([path, 0, 0]);
    }
    const statuses = await page.evaluate<number[]>(`Promise.all([
      fetch('/api/tasks/${failed}/retry', { method: 'POST' }),
      fetch('/api/tasks', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"title":"x","description":"y"}' }),
      fetch('/api/keys'),
    ]).then((answers) => answers.map(({ status }) => status))`);
    expect(statuses).toEqual([403, 403, 403]);
  });

  it('an operator submits and retries, and keeps no users', async () => {
    const page = await visit.open(`/tasks/${failed}`);
    await logIn(page, 'operator');
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.waitForURL((url) => url.pathname !== `/tasks/${failed}`);
    await page.getByRole('link', { name: 'Access' }).click();
    await page.getByText('For admins').waitFor();
  });
});
