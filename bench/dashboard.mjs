// `node bench/dashboard.mjs URL`: how soon a running Taskwell shows its pages in a browser, each opened ten times without a cache.
import { chromium } from 'playwright-core';

const [url = 'http://localhost:8000', rounds = '10'] = process.argv.slice(2);
const PAGES = { '/': 'Oldest waiting', '/tasks': 'Submitted' };
const API = [
  '/api/stats/now',
  '/api/tasks?page_size=50',
  '/api/tasks?page_size=50&status=FAILED',
  '/api/tasks?page_size=50&q=needle',
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
for (const [path, text] of Object.entries(PAGES)) {
  const [paints, shown, sent] = [[], [], []];
  for (let round = 0; round < Number(rounds); round++) {
    const page = await (await browser.newContext({ baseURL: url })).newPage();
    const startedAt = performance.now();
    await page.goto(path, { waitUntil: 'commit' });
    await page.getByText(text).first().waitFor();
    shown.push(performance.now() - startedAt);
    paints.push(await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"));
    sent.push(
      await page.evaluate("performance.getEntriesByType('resource').reduce((sum, { transferSize }) => sum + transferSize, 0)"),
    );
    await page.context().close();
  }
  console.log(
    `${path}: first paint ${summary(paints)}, content ${summary(shown)}, ${Math.round(Math.max(...sent) / 1000)} kB sent`,
  );
}
await browser.close();
for (const path of API) {
  const times = [];
  for (let round = 0; round < 4 * Number(rounds); round++) {
    const startedAt = performance.now();
    await (await fetch(url + path)).arrayBuffer();
    times.push(performance.now() - startedAt);
  }
  console.log(`${path}: ${summary(times)}`);
}

function summary(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => Math.round(sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)]);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`;
}
