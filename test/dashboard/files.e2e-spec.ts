import { expect, it } from '@jest/globals';
import { describeInBrowser } from './suite.js';

const FILES = 20;

describeInBrowser('Files', {}, (visit) => {
  it(`takes ${FILES} files at once and shows their rows, good and bad`, async () => {
    const page = await visit.open('/files');
    await page.getByRole('textbox', { name: 'Dataset' }).fill('towns');
    await page.getByLabel('Files', { exact: true }).setInputFiles(
      Array.from({ length: FILES }, (_, index) => ({
        name: `towns-${index + 1}.csv`,
        mimeType: 'text/csv',
        buffer: Buffer.from(`id,town\n${index},Oslo\n${index + 100},Tromsø\n${index === 7 ? 'short\n' : ''}`),
      })),
    );
    await page.getByRole('heading', { name: 'Upload finished' }).waitFor();
    expect(await page.getByText(/40 rows · 1 bad/).isVisible()).toBe(true);
    expect(await page.getByRole('progressbar', { name: /^Reading towns-/ }).count()).toBe(FILES);

    await page.getByRole('link', { name: 'Open dataset' }).click();
    await page.getByRole('cell', { name: 'Tromsø' }).first().waitFor();
    await page.getByRole('combobox', { name: 'Field' }).selectOption('id');
    await page.getByRole('textbox', { name: 'Value' }).fill('107');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByRole('cell', { name: 'Oslo' }).first().waitFor({ state: 'detached' });
    await page.getByRole('cell', { name: 'Tromsø' }).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);

    await page.getByRole('button', { name: '1 bad' }).click();
    await page.getByRole('link', { name: 'towns-8.csv' }).waitFor();
  }, 90_000);
});
