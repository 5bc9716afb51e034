import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser } from './suite.js';

interface Journey {
  type: string;
  fill: (page: Page) => Promise<void>;
  /** What the result must show. */
  shows: string | RegExp;
}

const fill = (page: Page, label: string, text: string) => page.getByRole('textbox', { name: label, exact: true }).fill(text);

const JOURNEYS: Journey[] = [
  {
    type: 'text.reverse',
    fill: (page) => page.getByLabel('Text').fill('stressed 👩‍🚀'),
    shows: '👩‍🚀 desserts',
  },
  {
    type: 'text.sentiment',
    fill: (page) => page.getByLabel('Text').fill('Great food, lovely people!'),
    shows: 'positive',
  },
  {
    type: 'email.send',
    fill: async (page) => {
      await page.getByLabel('To', { exact: true }).fill('ada@example.com\ngrace@example.com');
      await page.getByLabel('Subject').fill('Hello');
      await page.getByLabel('Text').fill('Dear both, …');
    },
    shows: 'outbox',
  },
  {
    type: 'onboarding.welcome',
    fill: async (page) => {
      await page.getByLabel('Name').fill('Zoë Nguyễn');
      await page.getByLabel('Email').fill('zoe@example.com');
    },
    shows: 'welcome.pdf',
  },
  {
    type: 'calculation.run',
    fill: async (page) => {
      await page.getByLabel('Name').fill('sum');
      await page.getByLabel('Num 1').fill('12345678901234567890');
      await page.getByLabel('Num 2').fill('0.5');
      await page.getByLabel('Operation').selectOption('+');
      await page.getByLabel('Result rounding').fill('1');
    },
    shows: '12345678901234567890.5',
  },
  {
    type: 'http.fetch',
    fill: async (page) => {
      await page.getByLabel('Name').fill('nowhere');
      await page.getByLabel('Url', { exact: true }).fill('http://taskwell.invalid/');
      await page.getByLabel('Method').selectOption('GET');
    },
    shows: 'nowhere',
  },
];

describeInBrowser('Submitting by a form', { PLAIN_TASK_MS: 100 }, (visit) => {
  it.each(JOURNEYS)('$type: the result comes by itself', async ({ type, fill: fillIn, shows }) => {
    const page = await visit.open(`/new?type=${type}`);
    await fillIn(page);
    await page.getByRole('button', { name: 'Submit task' }).click();
    await page.getByText('Completed').waitFor();

    expect(await page.getByRole('group', { name: 'Result' }).innerText()).toMatch(shows);
  });

  it('plain: title and description are its form', async () => {
    const page = await visit.open('/new?type=plain');
    await page.getByLabel('Title').fill('Sample Task');
    await page.getByLabel('Description').fill('Process something');
    await page.getByRole('button', { name: 'Submit task' }).click();
    await page.getByText('Completed').waitFor();
    await page.getByRole('link', { name: 'Open task' }).click();

    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Sample Task');
  });

  it('shows every mistake where it is, as the API says it', async () => {
    const page = await visit.open('/new?type=calculation.run');
    await page.getByLabel('Num 1').fill('many');
    await page.getByRole('button', { name: 'Submit task' }).click();
    await page.getByRole('alert').waitFor();

    expect(await page.getByLabel('Num 1').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('Operation').getAttribute('aria-invalid')).toBe('true');
  });

  it('writes the curl line that does the same', async () => {
    const page = await visit.open('/new?type=text.reverse');
    await page.getByLabel('Text').fill("it's");

    expect(await page.getByLabel('the curl line', { exact: true }).innerText()).toContain(
      `{"type":"text.reverse","payload":{"text":"it'\\''s"}}`,
    );
  });

  it('takes a task again, to change and submit it', async () => {
    const id = await visit.stage.api.submitted({ type: 'text.reverse', payload: { text: 'first' }, tags: ['blue'] });
    const page = await visit.open(`/tasks/${id}`);
    await page.getByRole('link', { name: 'Duplicate and edit' }).click();
    expect(await page.getByRole('textbox', { name: 'Text', exact: true }).inputValue()).toBe('first');
    await fill(page, 'Text', 'second');
    await page.getByRole('button', { name: 'Submit task' }).click();
    await page.getByText('dnoces').waitFor();

    expect((await visit.stage.api.list({ tag: 'blue' })).body.items).toHaveLength(2);
  });
});
