// `npm run screenshots`: a picture of every page in both themes, and on a phone, to look at.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { Scope } from '../support/scope.js';
import { openBrowser, openPage } from './browser.js';
import { seed } from './seed.js';
import { Stage } from './stage.js';

const FOLDER = process.env.SCREENSHOTS ?? join(import.meta.dirname, '../../docs/screenshots');
const only = process.argv.slice(2);

const scope = new Scope();
try {
  const stage = await Stage.open(scope);
  const seeded = await seed(stage);
  const shots: Record<string, { path: string; act?: (page: Page) => Promise<void> }> = {
    overview: { path: '/' },
    tasks: { path: '/tasks' },
    'tasks-selected': { path: '/tasks?query=status:FAILED', act: selectTwo },
    'task-running': { path: `/tasks/${seeded.running}` },
    'task-failed': { path: `/tasks/${seeded.failed}` },
    'task-result': { path: `/tasks/${seeded.calculated}` },
    'task-waiting': { path: `/tasks/${seeded.waiting}` },
    'new-task': { path: '/new?type=calculation.run' },
    files: { path: `/files?batch=${seeded.batch}` },
    dataset: { path: '/datasets/towns' },
    schedules: { path: '/schedules' },
    'new-schedule': { path: '/schedules', act: (page) => page.getByRole('button', { name: 'New schedule' }).click() },
    workers: { path: '/workers' },
    queues: { path: '/queues' },
    access: { path: '/access' },
    keyboard: { path: '/tasks', act: (page) => page.keyboard.press('?') },
  };
  const browser = await openBrowser(scope);
  await mkdir(FOLDER, { recursive: true });
  for (const look of ['light', 'dark', 'phone'] as const) {
    for (const [name, shot] of Object.entries(shots)) {
      if (only.length === 0 || only.includes(name)) await take(browser, stage.url, look, name, shot);
    }
  }
} finally {
  await scope.end();
}

async function take(
  browser: Browser,
  url: string,
  look: 'light' | 'dark' | 'phone',
  name: string,
  { path, act }: { path: string; act?: (page: Page) => Promise<void> },
): Promise<void> {
  const viewport = look === 'phone' ? { width: 390, height: 844 } : { width: 1280, height: 800 };
  const colorScheme = look === 'dark' ? 'dark' : 'light';
  const { page, errors } = await openPage(browser, url, { viewport, colorScheme, timezoneId: 'Europe/Berlin', locale: 'en-GB' });
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'hidden' });
  await act?.(page);
  await page.evaluate('document.fonts.ready');
  await page.waitForTimeout(700);
  await page.screenshot({ path: join(FOLDER, `${name}-${look}.png`) });
  await page.context().close();
  console.log(`${name}-${look}${errors.length > 0 ? `: ${errors.join('; ')}` : ''}`);
}

async function selectTwo(page: Page): Promise<void> {
  for (const index of [1, 2]) await page.getByRole('checkbox').nth(index).check();
}
