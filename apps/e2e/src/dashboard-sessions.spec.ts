import { publish, submit } from '@baton/test-stack';
import { expect } from 'vitest';
import { expectAccessible, sidewaysIn } from './testing/browser/axe.js';
import { RELEASE_NOTES } from './testing/browser/documents.js';
import { HANDS, handsOf } from './testing/browser/hands.js';
import { inBrowser, test } from './testing/browser/test.js';
import { keyOf } from './testing/browser/visits.js';

/** Its one task is for a worker that nobody runs. */
const UNSERVED = {
  name: 'unserved',
  version: '1.0.0',
  title: 'For nobody',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Ask',
    States: { Ask: { Type: 'Task', Resource: 'baton:worker:nobody', End: true } },
  },
};

inBrowser('sessions', () => {
  test('one that begins elsewhere is seen without asking, and whoever is signed out by an admin is told', async ({
    visit,
    everything,
  }) => {
    const { page } = await visit({ to: '/operations?part=sessions' });
    const own = page.getByRole('row').filter({ hasText: 'this browser' });
    await own.waitFor();
    expect(await own.getByRole('button').count()).toBe(0);
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();

    const theirs = await visit({ key: await keyOf(everything, 'viewer'), to: '/workflows' });
    const name = await theirs.page.getByRole('button', { name: /^browser-viewer-/ }).textContent();
    const row = page.getByRole('row').filter({ hasText: name ?? 'nobody' });
    await row.waitFor();
    theirs.allow(/ERR_INCOMPLETE_CHUNKED_ENCODING .*\/v1\/events/);
    theirs.allow(/status of 401 /);
    const { choose } = handsOf('keyboard', page);
    await choose(row.getByRole('button', { name: 'End' }));
    await choose(page.getByRole('dialog').getByRole('button', { name: 'End' }));
    await row.waitFor({ state: 'detached' });
    await theirs.page.getByRole('alert').filter({ hasText: 'You are signed out' }).waitFor();
  });
});

inBrowser('a window of 400 pixels', () => {
  for (const kind of HANDS)
    test(`by ${kind}: the views are in a menu, and what waits is seen beside it`, async ({ visit, everything }) => {
      await publish(everything, RELEASE_NOTES);
      await submit(everything, { workflow: RELEASE_NOTES.name, input: { notes: 'what is new' } });
      const { page } = await visit({ width: 400 });
      const { choose } = handsOf(kind, page);
      const waiting = page.getByRole('navigation').getByRole('link', { name: /waiting$/ });
      await waiting.waitFor();
      await choose(page.getByRole('button', { name: /^Views: Runs/ }));
      const item = page.getByRole('menuitem', { name: 'Workflows' });
      await item.waitFor();
      if (kind === 'mouse') await expectAccessible(page, 'the menu of views', '[role=menu]');
      await choose(item);
      await page.waitForURL('**/workflows');
      await page.getByRole('button', { name: /^Views: Workflows/ }).waitFor();
      expect(await sidewaysIn(page)).toBe(0);
      await choose(waiting);
      await page.waitForURL('**/approvals');
    });
});

inBrowser('a queue that nobody works on', () => {
  test('is said in every view, to those who may look at queues, as soon as it waits', async ({
    visit,
    everything,
    onTestFinished,
  }) => {
    await publish(everything, UNSERVED);
    const [operator, viewer] = [
      await visit({ key: await keyOf(everything, 'operator'), to: '/workflows' }),
      await visit({ key: await keyOf(everything, 'viewer') }),
    ];
    const live = operator.page.getByRole('status').filter({ hasText: 'Live' });
    await live.waitFor();
    const runId = await submit(everything, { workflow: UNSERVED.name, input: {} });
    onTestFinished(async () => void (await everything.api(`/v1/runs/${runId}/cancel`, { method: 'POST' })));
    const banner = operator.page.getByRole('region', { name: 'Queues that nobody works on' });
    await banner.getByText('1 task waits in worker-nobody, and no worker of the kind nobody lives.').waitFor();
    await expectAccessible(operator.page, 'a queue that nobody works on');
    await operator.page.setViewportSize({ width: 400, height: 800 });
    expect(await sidewaysIn(operator.page)).toBe(0);
    await operator.page.setViewportSize({ width: 1_280, height: 800 });
    await handsOf('keyboard', operator.page).choose(banner.getByRole('link', { name: 'See the workers' }));
    await operator.page.waitForURL('**/operations?part=workers');
    await operator.page.getByRole('tab', { name: 'Queues' }).click();
    const queue = operator.page.getByRole('row').filter({ hasText: 'worker-nobody' });
    await queue.getByText(/^[\d.]+ (s|min)/).waitFor();
    await banner.waitFor();
    await viewer.page.locator(`a[href^="/runs/${runId}"]`).first().waitFor();
    expect(await viewer.page.getByRole('region', { name: 'Queues that nobody works on' }).count()).toBe(0);
  });
});
