import { askedOf, ended, publish, type Stack } from '@baton/test-stack';
import { expect } from 'vitest';
import { expectAccessible } from './testing/browser/axe.js';
import { inBrowser, test } from './testing/browser/test.js';

let stack: Stack;
test.beforeAll(({ everything }) => {
  stack = everything;
});

const WORKFLOW =
  'name: soon-done\nversion: 1.0.0\ntitle: Ends at once\ndefinition:\n  QueryLanguage: JSONata\n  StartAt: Done\n  States:\n    Done:\n      Type: Succeed\n';

/** Fits a goal by words that nothing else in the stack has, and needs no worker. */
const ZITHERS = {
  name: 'zither-tuning',
  version: '1.0.0',
  title: 'Tunes zithers',
  input: { type: 'object', required: ['strings'], properties: { strings: { type: 'integer' } } },
  definition: { QueryLanguage: 'JSONata', StartAt: 'Done', States: { Done: { Type: 'Succeed' } } },
};

const lastPart = (address: string): string => new URL(address).pathname.split('/').at(-1) ?? '';

inBrowser('what starts runs, and tells people, by itself', () => {
  test('a schedule is made, started at once, rests, and is deleted', async ({ visit }) => {
    await publish(stack, WORKFLOW);
    const { page, takeFaults } = await visit({ to: '/operations?part=schedules' });
    await page.getByRole('button', { name: 'New schedule' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('each-new-year');
    await form.getByLabel('Expression').fill('0 6 31 2 *');
    await form.getByLabel('Time zone').fill('Europe/Berlin');
    await form.getByLabel('Workflow').fill('soon-done');
    await form.getByLabel('Input').fill('[1]');
    await form.getByRole('button', { name: 'Create' }).click();
    await form.getByText('The input of a run is an object.').waitFor();
    await form.getByLabel('Input').fill('{"for": "the new year"}');
    await form.getByRole('button', { name: 'Create' }).click();
    // The gateway says that there is no 31st of February.
    await form.getByRole('alert').filter({ hasText: 'timing' }).waitFor();
    expect(takeFaults().join()).toContain('422');
    await form.getByLabel('Expression').fill('0 6 1 1 *');
    await form.getByRole('button', { name: 'Create' }).click();
    await form.waitFor({ state: 'detached' });

    await page.getByRole('link', { name: 'each-new-year' }).click();
    const detail = page.getByRole('region', { name: 'Schedule each-new-year' });
    await detail.getByText('It has not been due yet.').waitFor();
    await expectAccessible(page, 'a schedule');
    await detail.getByRole('button', { name: 'Start now' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start now' }).click();
    await page.getByRole('dialog').getByText('It was submitted.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    const started = detail.getByRole('row').filter({ hasText: 'started by hand' }).getByRole('link');
    const runId = lastPart(new URL((await started.getAttribute('href')) ?? '', page.url()).href);
    expect(await ended(stack, runId)).toMatchObject({ status: 'succeeded' });

    await detail.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await detail.getByRole('button', { name: 'Resume' }).waitFor();
    await detail.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('link', { name: 'each-new-year' }).waitFor({ state: 'detached' });
  });

  test('a rule of notifications is made, and deleted', async ({ visit }) => {
    const { page, takeFaults } = await visit({ to: '/operations?part=rules' });
    await page.getByRole('button', { name: 'New rule' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('team-red');
    await form.getByLabel('Tells').selectOption('In a channel');
    await form.getByLabel('Variable with the address').fill('HOME');
    await form.getByRole('button', { name: 'Create' }).click();
    await form.getByRole('alert').filter({ hasText: 'BATON_NOTIFY_' }).waitFor();
    expect(takeFaults().join()).toContain('422');
    await form.getByLabel('Variable with the address').fill('BATON_NOTIFY_TEAM_RED');
    await form.getByLabel('Quiet from').fill('22:00');
    await form.getByLabel('Quiet to').fill('07:00');
    await form.getByRole('button', { name: 'Create' }).click();
    await form.waitFor({ state: 'detached' });
    await page.getByText(/at once; not 22:00–07:00/).waitFor();
    await page.getByRole('link', { name: 'team-red' }).click();
    const messages = page.getByRole('region', { name: 'Messages of team-red' });
    await messages.getByText('Nobody was told of anything yet.').waitFor();
    await expectAccessible(page, 'a rule of notifications');
    await messages.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Nobody is told of anything.').waitFor();
  });

  test('a goal is said, and what is composed for it waits to be approved', async ({ visit }) => {
    await publish(stack, ZITHERS);
    const { page } = await visit({ to: '/submit' });
    await page.getByRole('link', { name: 'Or say a goal' }).click();
    await page.getByLabel('Goal').fill('Tune the zithers');
    await page.getByLabel('What it is about').fill('{ "strings": 34 }');
    await expectAccessible(page, 'the form for a goal');
    await page.getByRole('button', { name: 'Submit the goal' }).click();
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
    const runId = lastPart(page.url());
    await askedOf(stack, runId);
    await page.getByRole('list', { name: 'What it waits for' }).getByText('waits for a person').waitFor();
    await stack.api(`/v1/runs/${runId}/cancel`, { method: 'POST', body: '{}' });
    expect(await ended(stack, runId)).toMatchObject({ status: 'cancelled' });
  });
});
