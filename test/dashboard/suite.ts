import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { missingChromium } from '../support/chromium.mjs';
import type { Env } from '../support/processes.js';
import { scopeOfSuite } from '../support/suite-scope.js';
import { openBrowser, openPage } from './browser.js';
import { Stage } from './stage.js';

/** What the journeys of a suite have: a Taskwell, and pages that are looked at. */
export interface Visit {
  stage: Stage;
  browser: Browser;
  /** Opens a page of the dashboard in a browser without a memory. At the end of the test it must have logged no error. */
  open: (path: string, options?: Parameters<typeof openPage>[2]) => Promise<Page>;
}

/** A suite in a browser. Without one it is left out and says so; with REQUIRE_SERVERS=1 it fails instead. */
export function describeInBrowser(name: string, env: Env, journeys: (visit: Visit) => void): void {
  const reason = missingChromium();
  if (reason !== null && process.env.REQUIRE_SERVERS !== '1') {
    process.stdout.write(`Left out "${name}": no Chromium (${reason}; CHROMIUM_PATH names another one)\n`);
    describe.skip(name, () => it.todo('needs a browser'));
    return;
  }
  describe(name, () => {
    const scope = scopeOfSuite();
    const visit = {} as Visit;
    const opened: { page: Page; errors: string[] }[] = [];
    beforeAll(async () => {
      [visit.stage, visit.browser] = await Promise.all([Stage.open(scope, env), openBrowser(scope)]);
      visit.open = async (path, options) => {
        const one = await openPage(visit.browser, visit.stage.url, options);
        opened.push(one);
        await one.page.goto(path);
        return one.page;
      };
    }, 60_000);
    afterEach(async () => {
      const pages = opened.splice(0);
      await Promise.all(pages.map(({ page }) => page.context().close()));
      expect(pages.flatMap(({ errors }) => errors)).toEqual([]);
    });
    journeys(visit);
  });
}
