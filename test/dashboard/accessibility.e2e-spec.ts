import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { seed, type Seeded } from './seed.js';
import { describeInBrowser } from './suite.js';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const RUN = `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`;

interface Findings {
  violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
}

describeInBrowser('Everybody can use it', {}, (visit) => {
  let seeded: Seeded;
  let axe: string;

  beforeAll(async () => {
    [seeded, axe] = await Promise.all([seed(visit.stage), readFile(AXE, 'utf8')]);
  }, 90_000);

  const findings = async (page: Page) => {
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'hidden' });
    await page.evaluate(axe);
    const { violations } = await page.evaluate<Findings>(RUN);
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html} ${nodes[0]!.failureSummary}`);
  };
  const pages = (): string[] => [
    '/',
    '/tasks',
    '/tasks?query=status:DONE',
    `/tasks/${seeded.running}`,
    `/tasks/${seeded.failed}`,
    `/tasks/${seeded.calculated}`,
    `/tasks/${seeded.waiting}`,
    '/new?type=plain',
    '/new?type=calculation.run',
    '/new?type=email.send',
    `/files?batch=${seeded.batch}`,
    '/datasets/towns',
    '/datasets/towns?rows=bad',
    '/schedules',
    '/workers',
    '/queues',
    '/access/keys',
    '/access/users',
    '/access/audit',
    '/setup#token=x',
    '/nothing',
  ];

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const)(
    'axe finds nothing on any page: %s, %i pixels wide',
    async (colorScheme, width) => {
      const page = await visit.open('/', { colorScheme, viewport: { width, height: 800 }, reducedMotion: 'reduce' });
      const found: Record<string, string[]> = {};
      for (const path of pages()) {
        await page.goto(path);
        const here = await findings(page);
        if (here.length > 0) found[path] = here;
      }

      expect(found).toEqual({});
    },
    180_000,
  );

  it('axe finds nothing in the dialogs', async () => {
    const page = await visit.open('/schedules');
    await page.getByRole('button', { name: 'New schedule' }).click();
    expect(await findings(page)).toEqual([]);
    await page.goto('/tasks');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('?');
    expect(await findings(page)).toEqual([]);
  }, 60_000);
});
