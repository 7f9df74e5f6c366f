import { askedOf, ended, publish, type Stack, submit, until } from '@baton/test-stack';
import type { Page, Request } from 'playwright-core';
import { expect } from 'vitest';
import { away } from './testing/browser/away.js';
import { expectAccessible } from './testing/browser/axe.js';
import { RELEASE_NOTES, SLOWLY } from './testing/browser/documents.js';
import { inGraph, inList, inTimeline, truthOf } from './testing/browser/shown-of-run.js';
import { inBrowser, test } from './testing/browser/test.js';
import { untruthsIn, watch } from './testing/browser/watch.js';

/** What a browser says of connections that a killed gateway breaks off and does not take. */
const BROKEN = /net::ERR_|status of 50\d/;

let stack: Stack;
test.beforeAll(async ({ everything }) => {
  stack = everything;
  await publish(stack, RELEASE_NOTES);
  await publish(stack, SLOWLY);
});

const badge = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text });

/** Kills what the page hangs on, and lets it come back once the page has said so. */
async function killBoth(pages: readonly Page[]): Promise<void> {
  const back = await away(stack, 'gateway', 'orchestrator');
  try {
    await Promise.all(pages.map((page) => badge(page, 'Connection lost').waitFor()));
  } finally {
    back();
  }
  await Promise.all(pages.map((page) => badge(page, 'Live').waitFor()));
}

/** Has a state end that waits for as long as the pages need to show it. */
const signal = (runId: string, name: string) =>
  stack.api(`/v1/runs/${runId}/signals`, { method: 'POST', body: JSON.stringify({ name, data: null }) });

inBrowser('a gateway and an orchestrator that are killed', () => {
  test('the pages of a run recover by themselves, and show at no moment what is not true of it', async ({ visit }) => {
    const { page, allow } = await visit();
    const runId = await submit(stack, { workflow: SLOWLY.name, input: {} });
    const graph = await page.context().newPage();
    const list = await page.context().newPage();
    const pages = [page, graph, list];
    await Promise.all([page.goto(`/runs/${runId}`), graph.goto(`/runs/${runId}?tab=graph`), list.goto('/')]);
    const attempt = (text: RegExp) => page.getByRole('list', { name: 'Attempts' }).getByRole('button', { name: text });
    await attempt(/^First.*: waiting/).waitFor();
    await graph.getByText('now').first().waitFor({ state: 'attached' });
    await list.locator(`a[data-run="${runId}"]`).waitFor();
    await Promise.all(pages.map((each) => badge(each, 'Live').waitFor()));
    const watches = [
      await watch(page, inTimeline, runId),
      await watch(graph, inGraph, runId),
      await watch(list, inList, runId),
    ];
    allow(BROKEN);

    await killBoth(pages);
    await signal(runId, 'first');
    await attempt(/^Ask.*: waiting/).waitFor();
    const { approvalId } = await askedOf(stack, runId);
    await stack.api(`/v1/approvals/${approvalId}/decision`, { method: 'POST', body: '{"decision":"approve"}' });
    await attempt(/^Last.*: waiting/).waitFor();
    await killBoth(pages);
    await signal(runId, 'last');
    await ended(stack, runId);
    const summary = page.getByRole('region', { name: 'Summary of the run' });
    await summary.getByText('succeeded', { exact: true }).waitFor();
    await attempt(/^Last.*: succeeded/).waitFor();
    await graph.getByText('now').last().waitFor({ state: 'detached' });
    await list
      .getByRole('row')
      .filter({ has: list.locator(`a[data-run="${runId}"]`) })
      .getByText('succeeded')
      .waitFor();

    const truth = await truthOf(stack, runId);
    const showings = await Promise.all(watches.map((each) => each.showings()));
    for (const each of showings) expect(untruthsIn(each, truth)).toEqual([]);
    expect(showings.map((each) => each.at(-1)?.shown)).toEqual([
      {
        run: 'succeeded',
        at: '',
        'attempt First': 'succeeded',
        'attempt Ask': 'answered',
        'attempt Last': 'succeeded',
      },
      { 'state First': 'done', 'state Ask': 'done', 'state Last': 'done', 'state Done': 'done' },
      { run: 'succeeded', at: '' },
    ]);
  });
});

/** The keys of requests that the page sends to change something, one after another. */
function keysSent(page: Page, path: RegExp): readonly string[] {
  const keys: string[] = [];
  page.on('request', (request: Request) => {
    if (request.method() === 'POST' && path.test(new URL(request.url()).pathname))
      keys.push(request.headers()['idempotency-key'] ?? 'none');
  });
  return keys;
}

inBrowser('what is being written while the gateway is away', () => {
  test('a form keeps it, says in one sentence that it was not sent, and sends it once however often it is tried', async ({
    visit,
  }) => {
    const { page, allow } = await visit({ to: `/submit?workflow=${RELEASE_NOTES.name}` });
    const notes = `away ${Date.now()}`;
    const field = page.getByRole('textbox', { name: 'Notes' });
    const send = page.getByRole('button', { name: 'Submit the run' });
    const keys = keysSent(page, /^\/v1\/runs$/);
    await badge(page, 'Live').waitFor();
    await field.fill(notes);
    allow(BROKEN);
    // The gateway takes it, and is gone before anybody hears of that.
    await page.route('**/v1/runs', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await send.click();
    await page.getByRole('alert').filter({ hasText: 'No gateway answers' }).waitFor();
    await page.unroute('**/v1/runs');
    const back = await away(stack, 'gateway');
    try {
      await badge(page, 'Connection lost').waitFor();
      await send.click();
      await until(() => keys.length === 2, 'the second try to be sent');
      await send.isEnabled();
      expect(await page.getByRole('alert').count()).toBe(1);
      expect(await field.inputValue()).toBe(notes);
      await page.route('**/v1/workflows*', (route) => route.fulfill({ status: 403, body: '{}' }));
    } finally {
      back();
    }
    // What is asked for again, and refused by now, is nothing that the form would need.
    const refused = page.waitForResponse('**/v1/workflows*');
    allow(/status of 403/);
    await badge(page, 'Live').waitFor();
    await refused;
    await page.unroute('**/v1/workflows*');
    expect(await field.inputValue()).toBe(notes);
    await send.click();
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    await page.getByRole('region', { name: 'Summary of the run' }).getByText('running', { exact: true }).waitFor();
    const found = await stack.api(`/v1/runs?workflow=${RELEASE_NOTES.name}&text=${encodeURIComponent(notes)}`);
    expect(found).toMatchObject({ runs: [{ runId: page.url().split('/').at(-1) }] });
  });

  test('a comment to what is asked is kept, is told to have not been sent, and counts once', async ({ visit }) => {
    const runId = await submit(stack, { workflow: RELEASE_NOTES.name, input: { notes: 'as it was' } });
    const { approvalId } = await askedOf(stack, runId);
    const { page, allow } = await visit({ to: `/approvals?id=${approvalId}` });
    await badge(page, 'Live').waitFor();
    await page.getByRole('button', { name: /^Request changes/ }).click();
    const dialog = page.getByRole('dialog');
    const field = dialog.getByLabel('What is to be changed');
    const keys = keysSent(page, /\/decision$/);
    await field.fill('say for whom');
    allow(BROKEN);
    const back = await away(stack, 'gateway');
    try {
      await page.getByText('Connection lost').waitFor();
      for (const tries of [1, 2]) {
        await dialog.getByRole('button', { name: 'Request changes' }).click();
        await until(() => keys.length === tries, 'it to be sent');
        await dialog.getByRole('alert').filter({ hasText: 'No gateway answers' }).waitFor();
      }
      expect(await dialog.getByRole('alert').count()).toBe(1);
    } finally {
      back();
    }
    await page.getByText('● Live').waitFor();
    expect(await field.inputValue()).toBe('say for whom');
    await dialog.getByRole('button', { name: 'Request changes' }).click();
    await page.getByText('Recorded:').waitFor();
    expect(new Set(keys).size).toBe(1);
    expect((await askedOf(stack, runId, approvalId)).arguments).toMatchObject({ notes: 'as it was (say for whom)' });
  });
});

/** Somebody looks at something else for a moment. Runs in the page. */
function lookAway(): void {
  for (const hidden of [true, false]) {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }
}

inBrowser('a page that is looked at again', () => {
  test('what is refused by then takes away neither what was shown nor what is written in it', async ({ visit }) => {
    const { page, allow } = await visit({ to: '/operations?part=keys' });
    await badge(page, 'Live').waitFor();
    await page.getByRole('button', { name: 'New key' }).click();
    const field = page.getByRole('dialog').getByRole('textbox').first();
    await field.fill('half a name');
    allow(/status of 403/);
    await page.route('**/v1/auth/keys*', (route) => route.fulfill({ status: 403, body: '{}' }));
    const refused = page.waitForResponse('**/v1/auth/keys*');
    await page.evaluate(lookAway);
    await refused;
    await page.getByText('● Live').waitFor();
    expect(await field.inputValue()).toBe('half a name');
  });
});

inBrowser('a page of the version before', () => {
  test('what the gateway has no longer is one sentence and a way on, and takes nothing that is written with it', async ({
    visit,
  }) => {
    const runId = await submit(stack, { workflow: RELEASE_NOTES.name, input: { notes: 'x' } });
    const { page, allow } = await visit({ to: `/submit?workflow=${RELEASE_NOTES.name}` });
    const field = page.getByRole('textbox', { name: 'Notes' });
    const lost = page.getByRole('alert').filter({ hasText: 'This part of the dashboard could not be loaded.' });
    await field.fill('half a sentence');
    allow(/status of 404 .*\/assets\//);
    await page.route('**/assets/**', (route) => route.fulfill({ status: 404, body: 'nothing there' }));

    await page.getByRole('button', { name: 'All keys' }).click();
    await lost.waitFor();
    await expectAccessible(page, 'a dialog that is gone');
    await lost.getByRole('button', { name: 'Close' }).click();
    expect(await field.inputValue()).toBe('half a sentence');
    await page.getByRole('link', { name: 'Insight' }).click();
    await lost.waitFor();
    await expectAccessible(page, 'a view that is gone');
    await page.unroute('**/assets/**');
    await page.getByRole('link', { name: 'Runs' }).click();
    await page.locator(`a[data-run="${runId}"]`).click();
    const attempts = page.getByRole('list', { name: 'Attempts' });
    await attempts.waitFor();

    await page.route('**/assets/**', (route) => route.fulfill({ status: 404, body: 'nothing there' }));
    await page.getByRole('tab', { name: 'Decisions' }).click();
    await page.getByRole('tabpanel').and(page.locator(':has([role=alert])')).waitFor();
    expect(await page.getByRole('region', { name: 'Summary of the run' }).isVisible()).toBe(true);
    await page.unroute('**/assets/**');
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await attempts.waitFor();
    await page.getByRole('tab', { name: 'Decisions' }).click();
    await page.getByText(/no decision|nothing was decided/i).waitFor();
    await page.goBack();
    await attempts.waitFor();
  });
});
