import { expect, it } from '@jest/globals';
import { describeInBrowser } from './suite.js';

describeInBrowser('Schedules', {}, (visit) => {
  it('makes one, runs it now, pauses it and removes it', async () => {
    const page = await visit.open('/schedules');
    await page.getByRole('button', { name: 'New schedule' }).click();
    const dialog = page.getByRole('dialog', { name: 'New schedule' });
    await dialog.getByLabel('Title').fill('Good morning');
    await dialog.getByLabel('Time zone').selectOption('Europe/Berlin');
    await dialog.getByRole('combobox', { name: 'Task' }).selectOption('text.reverse');
    await dialog.getByLabel('Text').fill('morning');
    await dialog.getByText(/^Next, in your time/).waitFor();
    await dialog.getByRole('button', { name: 'Make schedule' }).click();

    const card = page.getByRole('region', { name: 'Good morning' });
    await card.getByText('active').waitFor();
    await card.getByRole('button', { name: 'Run now' }).click();
    await page.getByRole('link', { name: 'Open task' }).click();
    await page.getByText('gninrom').waitFor();

    await page.goBack();
    await card.getByRole('button', { name: 'Pause' }).click();
    await card.getByText('paused').waitFor();
    await card.getByRole('button', { name: 'Remove Good morning' }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await card.waitFor({ state: 'detached' });
    expect(JSON.stringify((await visit.stage.api.get('/api/schedules')).body)).not.toContain('Good morning');
  });
});
