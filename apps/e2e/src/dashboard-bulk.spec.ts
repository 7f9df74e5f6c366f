import { randomUUID } from 'node:crypto';
import { askedOf, ended, getRun, publish, type Stack, until } from '@baton/test-stack';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { z } from 'zod';
import { expectAccessible } from './testing/browser/axe.js';
import { RELEASE_NOTES } from './testing/browser/documents.js';
import { HANDS, handsOf } from './testing/browser/hands.js';
import { settled } from './testing/browser/settled.js';
import { inBrowser, test } from './testing/browser/test.js';

let stack: Stack;
test.beforeAll(async ({ everything }) => {
  stack = everything;
  await publish(stack, RELEASE_NOTES);
});

const Accepted = z.object({ runId: z.string() });

/** A run that waits for a person. */
async function start(batch: string): Promise<string> {
  const body = JSON.stringify({ workflow: RELEASE_NOTES.name, input: { notes: 'many' }, labels: { batch } });
  return Accepted.parse(await stack.api('/v1/runs', { method: 'POST', body })).runId;
}

async function answered(runId: string, decision: 'approve' | 'reject'): Promise<void> {
  const { approvalId } = await askedOf(stack, runId);
  const body = JSON.stringify({ decision, comment: 'so it is' });
  await stack.api(`/v1/approvals/${approvalId}/decision`, { method: 'POST', body });
  await ended(stack, runId);
}

const isIn = (runIds: readonly string[], status: string) => async (): Promise<boolean> => {
  const runs = await Promise.all(runIds.map((runId) => getRun(stack, runId)));
  return runs.every((run) => run?.status === status);
};

/** All three that are listed: with the box above them, or one after the other by keys. */
async function selectAll(page: Page, kind: (typeof HANDS)[number]): Promise<void> {
  await page
    .getByRole('checkbox', { name: /^Select .*, / })
    .nth(2)
    .waitFor();
  if (kind === 'mouse') await page.getByRole('checkbox', { name: 'Select all runs that are listed' }).check();
  else for (const key of ['j', 'x', 'j', 'x', 'j', 'x']) await page.keyboard.press(key);
  await page.getByText('3 selected').waitFor();
}

inBrowser('many runs at once', () => {
  for (const kind of HANDS) {
    test(`by ${kind}: those that go on are cancelled, and what is hit is said before`, async ({ visit }) => {
      const batch = randomUUID();
      const [one, two, over] = [await start(batch), await start(batch), await start(batch)];
      await answered(over, 'approve');
      const { page } = await visit({ to: `/?label=batch%3D${batch}` });
      const { choose, write } = handsOf(kind, page);
      await selectAll(page, kind);
      await choose(page.getByRole('button', { name: 'Cancel …' }));
      const dialog = page.getByRole('dialog', { name: 'Cancel 2 runs' });
      expect(await dialog.getByRole('list', { name: 'To be cancelled' }).getByRole('listitem').count()).toBe(2);
      await dialog.getByText('1 run left as it is.').waitFor();
      await expectAccessible(page, 'what is cancelled', '[role=dialog]');
      await write(dialog.getByLabel('Reason'), 'not wanted');
      await choose(dialog.getByRole('button', { name: 'Cancel 2 runs' }));
      await dialog.getByText('2 of 2 taken').waitFor();
      await choose(dialog.getByRole('button', { name: 'Close' }));
      await until(isIn([one, two], 'cancelled'), 'the runs to be cancelled');
      expect(await getRun(stack, over)).toMatchObject({ status: 'succeeded' });
      expect(await getRun(stack, one)).toMatchObject({ cause: expect.stringContaining('not wanted') });
    });

    test(`by ${kind}: those that failed are retried, and no other`, async ({ visit }) => {
      const batch = randomUUID();
      const [one, two, waiting] = [await start(batch), await start(batch), await start(batch)];
      for (const runId of [one, two]) await answered(runId, 'reject');
      await askedOf(stack, waiting);
      const { page } = await visit({ to: `/?label=batch%3D${batch}` });
      const { choose } = handsOf(kind, page);
      await selectAll(page, kind);
      await choose(page.getByRole('button', { name: 'Retry …' }));
      const dialog = page.getByRole('dialog', { name: 'Retry 2 runs' });
      expect(await dialog.getByRole('list', { name: 'To be retried' }).getByRole('listitem').count()).toBe(2);
      await dialog.getByText('1 run left as it is.').waitFor();
      await choose(dialog.getByRole('button', { name: 'Retry 2 runs' }));
      await dialog.getByText('2 of 2 taken').waitFor();
      await until(isIn([one, two, waiting], 'running'), 'the runs to go on');
    });

    test(`by ${kind}: a list that is asked for often has a name, until that is removed`, async ({ visit }) => {
      const batch = randomUUID();
      await start(batch);
      const { page } = await visit({ to: `/?label=batch%3D${batch}` });
      const { choose, write } = handsOf(kind, page);
      await choose(page.getByRole('button', { name: 'Save this list …' }));
      const dialog = page.getByRole('dialog', { name: 'Save this list' });
      await expectAccessible(page, 'naming a list', '[role=dialog]');
      await write(dialog.getByLabel('Name'), 'my batch');
      await choose(dialog.getByRole('button', { name: 'Save' }));
      const lists = page.getByRole('navigation', { name: 'Lists of runs' });
      await choose(lists.getByRole('link', { name: 'All', exact: true }));
      await page.reload();
      await choose(lists.getByRole('link', { name: 'my batch' }));
      await page.waitForURL((url) => url.searchParams.get('label') === `batch=${batch}`);
      await choose(lists.getByRole('button', { name: 'Remove “my batch”' }));
      expect(await lists.getByRole('link', { name: 'my batch' }).count()).toBe(0);
    });
  }
});

/** Takes a key as soon as the page can, and not when somebody who presses keys would. Runs in the page. */
async function keysWithinFrames(): Promise<void> {
  const press = (key: string): void => {
    const at = document.activeElement ?? document.body;
    at.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  };
  const frame = (): Promise<unknown> => new Promise((drawn) => requestAnimationFrame(drawn));
  press('j');
  await frame();
  press('j');
  await frame();
  press('x');
}

inBrowser('a list of runs', () => {
  test('by keyboard: the current run is the one that the newest key led to, however fast they come', async ({
    visit,
  }) => {
    const batch = randomUUID();
    for (let run = 0; run < 2; run += 1) await start(batch);
    const { page } = await visit({ to: `/?label=batch%3D${batch}` });
    const boxes = page.getByRole('checkbox', { name: /^Select .*, / });
    await boxes.nth(1).waitFor();
    await page.evaluate(keysWithinFrames);
    await page.getByText('1 selected').waitFor();
    expect(await boxes.nth(1).isChecked()).toBe(true);
  });
});

inBrowser('the field that leads everywhere', () => {
  test('by keyboard: an id that is pasted is where it leads, and a view is found by a part of its name', async ({
    visit,
  }) => {
    const runId = await start(randomUUID());
    const { approvalId } = await askedOf(stack, runId);
    const { page } = await visit();
    await settled(page);
    const field = page.getByRole('combobox', { name: /^A view, a run/ });
    for (const [id, leads] of [
      [runId, (url: URL) => url.pathname === `/runs/${runId}`],
      [approvalId, (url: URL) => url.href.includes(approvalId)],
    ] as const) {
      await page.keyboard.press('Control+k');
      await field.waitFor();
      await page.keyboard.insertText(id);
      await page.getByRole('option', { name: `Go to ${id}` }).waitFor();
      await page.keyboard.press('Enter');
      await page.waitForURL(leads);
    }
    await page.keyboard.press('Control+k');
    await field.waitFor();
    await page.keyboard.type('operat');
    await expectAccessible(page, 'the palette', '[role=dialog]');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/operations');
  });

  test('by mouse: a view is one of what is offered', async ({ visit }) => {
    const { page } = await visit();
    await page.getByRole('button', { name: /^Go to/ }).click();
    await page.getByRole('combobox', { name: /^A view, a run/ }).fill('insi');
    await page.getByRole('option', { name: /^Insight/ }).click();
    await page.waitForURL('**/insight');
  });
});
