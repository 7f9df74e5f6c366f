import { askedOf, ended, eventsOf, getRun, publish, type Stack, submit, until } from '@baton/test-stack';
import { expect } from 'vitest';
import { expectAccessible } from './testing/browser/axe.js';
import { RELEASE_NOTES } from './testing/browser/documents.js';
import { HANDS, handsOf } from './testing/browser/hands.js';
import { inBrowser, test } from './testing/browser/test.js';

let stack: Stack;
test.beforeAll(async ({ everything }) => {
  stack = everything;
  await publish(stack, RELEASE_NOTES);
});

const start = (): Promise<string> => submit(stack, { workflow: RELEASE_NOTES.name, input: { notes: 'as it was' } });

async function answer(runId: string, body: object): Promise<void> {
  const { approvalId } = await askedOf(stack, runId);
  await stack.api(`/v1/approvals/${approvalId}/decision`, { method: 'POST', body: JSON.stringify(body) });
}

/** The last event before a state is entered. */
async function eventBefore(runId: string, state: string): Promise<number> {
  const entered = (await eventsOf(stack, runId)).find(
    ({ type, data }) => type === 'StateEntered' && JSON.stringify(data).includes(`"${state}"`),
  );
  return (entered?.version ?? 0) - 1;
}

inBrowser('a run that is steered', () => {
  for (const kind of HANDS) {
    test(`by ${kind}: one goes back in time, and forks the run there with another variable`, async ({ visit }) => {
      const runId = await start();
      await answer(runId, { decision: 'approve' });
      await ended(stack, runId);
      const at = await eventBefore(runId, 'Ask');
      const { page } = await visit({ to: `/runs/${runId}` });
      const { choose, write, slide } = handsOf(kind, page);

      await choose(page.getByRole('tab', { name: 'Events' }));
      await slide(page.getByRole('slider', { name: /^Time travel/ }), at);
      const event = page.getByRole('region', { name: `Event ${at}`, exact: true });
      await event.getByRole('region', { name: 'What this event changed' }).waitFor();
      expect(new URL(page.url()).searchParams.get('event')).toBe(String(at));

      await choose(page.getByRole('button', { name: /^Actions/ }));
      await choose(page.getByRole('menuitem', { name: /^Fork/ }));
      const dialog = page.getByRole('dialog', { name: 'Fork the run' });
      expect(await dialog.getByLabel('After event').inputValue()).toBe(String(at));
      await write(dialog.getByLabel('Variables to set, as a JSON object'), '{"notes": "otherwise"}');
      await expectAccessible(page, 'the fork', '[role=dialog]');
      await choose(dialog.getByRole('button', { name: 'Fork', exact: true }));
      await page.waitForURL((url) => url.pathname.startsWith('/runs/') && !url.pathname.endsWith(runId));
      const fork = new URL(page.url()).pathname.slice('/runs/'.length);
      expect((await askedOf(stack, fork)).arguments).toMatchObject({ notes: 'otherwise' });
      expect(await getRun(stack, fork)).toMatchObject({ forkedFrom: { runId } });
    });

    test(`by ${kind}: a run that failed is retried, and its way to the end is seen as it happens`, async ({
      visit,
    }) => {
      const runId = await start();
      await answer(runId, { decision: 'reject', comment: 'too early' });
      await ended(stack, runId);
      const { page } = await visit({ to: `/runs/${runId}` });
      const { choose, write } = handsOf(kind, page);
      const summary = page.getByRole('region', { name: 'Summary of the run' });
      await summary.getByText('failed', { exact: true }).waitFor();
      await summary.getByText('too early').first().waitFor();

      await choose(page.getByRole('button', { name: 'Retry …' }));
      const dialog = page.getByRole('dialog');
      await write(dialog.getByLabel('Why'), 'it is later now');
      await choose(dialog.getByRole('button', { name: 'Retry the run' }));
      await summary.getByText('running', { exact: true }).waitFor();
      await until(async () => (await getRun(stack, runId))?.status === 'running', 'the retry');
      await answer(runId, { decision: 'approve' });
      await summary.getByText('succeeded', { exact: true }).waitFor();
      expect(await page.getByRole('button', { name: 'Retry …' }).count()).toBe(0);
    });
  }
});
