import { askedOf, ended, eventsOf, publish, type Stack, sevenSteps, submit } from '@baton/test-stack';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { expectAccessible, sidewaysIn, violationsIn } from './testing/browser/axe.js';
import { HOSTILE, HOSTILE_NOTE, RELEASE_NOTES } from './testing/browser/documents.js';
import { settled } from './testing/browser/settled.js';
import { inBrowser, test } from './testing/browser/test.js';

const TABS = ['timeline', 'graph', 'events', 'decisions', 'code'];
const WORKFLOW_TABS = ['graph', 'document', 'input', 'versions'];
const INSIGHT = ['usage', 'decisions', 'judges', 'backtest'];
const RECOMMENDATION_PARTS = ['list', 'patterns'];
const PARTS = ['queues', 'workers', 'dead-letters', 'webhooks', 'keys', 'sessions', 'audit', 'access', 'archive'];

let stack: Stack;
let done: string;
let waiting: string;
test.beforeAll(async ({ everything }) => {
  stack = everything;
  await publish(stack, RELEASE_NOTES);
  await publish(stack, HOSTILE);
  done = await submit(stack, sevenSteps());
  waiting = await submit(stack, { workflow: RELEASE_NOTES.name, input: { notes: 'what is new' } });
  await ended(stack, done);
});

inBrowser('every view', () => {
  test('axe finds nothing wrong in any view, in either theme, and none is wider than a window of 400 pixels', async ({
    visit,
  }) => {
    const { page } = await visit();
    const places = [
      '/',
      '/?view=grid&workflow=seven-step',
      '/approvals',
      `/approvals?id=${waiting}-1`,
      '/submit?workflow=seven-step',
      '/workflows',
      ...WORKFLOW_TABS.map((tab) => `/workflows/seven-step?tab=${tab}`),
      '/edit-workflow',
      '/foresight',
      '/foresight?workflow=seven-step',
      ...INSIGHT.map((part) => `/insight?part=${part}`),
      ...RECOMMENDATION_PARTS.map((part) => `/recommendations?part=${part}`),
      ...PARTS.map((part) => `/operations?part=${part}`),
      ...TABS.map((tab) => `/runs/${done}?tab=${tab}`),
    ];
    const wrong: string[] = [];
    for (const place of places) {
      await page.setViewportSize({ width: 1_280, height: 800 });
      await page.goto(place);
      await settled(page);
      wrong.push(...(await violationsIn(page)).map((violation) => `${place} ${violation}`));
      await page.setViewportSize({ width: 400, height: 800 });
      const sideways = await sidewaysIn(page);
      if (sideways > 0) wrong.push(`${place} is ${sideways} pixels wider than its window`);
    }
    expect(wrong).toEqual([]);
  });
});

inBrowser('the focus', () => {
  test('what had it before a dialog has it again: a button, whatever had it when a key was pressed, and what opened a menu', async ({
    visit,
  }) => {
    const { page } = await visit({ to: `/runs/${waiting}` });
    const hasFocus = (name: RegExp) => page.getByRole('button', { name }).and(page.locator(':focus')).waitFor();
    const dialog = page.getByRole('dialog');
    const leave = async (): Promise<void> => {
      await dialog.waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    };
    await page.getByRole('button', { name: 'All keys' }).press('Enter');
    await leave();
    await hasFocus(/^All keys/);
    await page.keyboard.press('Control+k');
    await leave();
    await hasFocus(/^All keys/);
    await page.getByRole('button', { name: /^Actions/ }).press('Enter');
    await page.getByRole('menuitem', { name: /^Cancel/ }).press('Enter');
    await leave();
    await hasFocus(/^Actions/);
  });
});

inBrowser('a narrow window', () => {
  test('the tab that is chosen is in sight, and so is what stands in the header', async ({ visit }) => {
    const { page } = await visit({ to: '/operations?part=archive', width: 400 });
    const inSight = (left: number, right: number) => left >= 0 && right <= 400;
    const chosen = await page.getByRole('tab', { selected: true }).boundingBox();
    expect(inSight(chosen?.x ?? -1, (chosen?.x ?? 0) + (chosen?.width ?? 0)), 'the tab').toBe(true);
    const header = page.getByRole('banner');
    const height = (await header.boundingBox())?.height ?? 0;
    for (const item of await header.locator('a, button, [role=status]').all()) {
      const box = await item.boundingBox();
      const what = await item.textContent();
      if (box !== null) expect(box.y >= 0 && box.y + box.height <= height, `${what} in the header`).toBe(true);
    }
  });
});

/** Marks that turn a line round, and colours of a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is the point.
const TURNS = /.{0,40}[\u202a-\u202e\u2066-\u2069\u001b]/;

inBrowser('text of anybody', () => {
  test('what a workflow says in HTML, with marks that turn text round, in colours of a terminal or in one long line is text, and widens no view', async ({
    visit,
  }) => {
    const labels = { team: '<b>x</b>\u202ey', other: 'w'.repeat(60) };
    const submission = { workflow: HOSTILE.name, input: { note: HOSTILE_NOTE }, labels };
    const runId = await submit(stack, submission);
    const { approvalId } = await askedOf(stack, runId);
    const { page } = await visit();
    const places = [
      '/',
      '/approvals',
      `/approvals?id=${approvalId}`,
      `/submit?workflow=${HOSTILE.name}`,
      ...WORKFLOW_TABS.map((tab) => `/workflows/${HOSTILE.name}?tab=${tab}`),
      ...TABS.map((tab) => `/runs/${runId}?tab=${tab}`),
    ];
    const wrong: string[] = [];
    for (const place of places) wrong.push(...(await harmDoneIn(page, place)).map((harm) => `${place} ${harm}`));
    expect(wrong).toEqual([]);
    const log = (await eventsOf(stack, runId)).map(({ data }) => JSON.stringify(data).length);
    expect(Math.max(...log), 'the long line').toBeGreaterThan(3_900_000);
    await stack.api(`/v1/approvals/${approvalId}/decision`, { method: 'POST', body: '{"decision":"approve"}' });
    await ended(stack, runId);
  });
});

/** What the text of somebody did to a page, beside being read. */
async function harmDoneIn(page: Page, place: string): Promise<readonly string[]> {
  await page.setViewportSize({ width: 1_280, height: 800 });
  await page.goto(place);
  await settled(page);
  const shown = await page.evaluate(textAndAttributes);
  const harms: [string, boolean][] = [
    [`turns a line round: ${JSON.stringify(TURNS.exec(shown)?.[0])}`, TURNS.test(shown)],
    [`shows ${shown.length} characters`, shown.length > 1_000_000],
    ['has elements of it', (await page.locator('img[src="x"], main script, main iframe').count()) > 0],
    ['did what it said', (await page.evaluate('window.wasHere')) !== undefined],
  ];
  for (const width of [1_280, 400]) {
    await page.setViewportSize({ width, height: 800 });
    const sideways = await sidewaysIn(page);
    harms.push([`is ${sideways} pixels wider than ${width}`, sideways > 0]);
  }
  return harms.flatMap(([what, isSo]) => (isSo ? [what] : []));
}

/** All that is read or read out. Runs in the page. */
function textAndAttributes(): string {
  const said = [...document.querySelectorAll('[title], [aria-label], [placeholder]')].flatMap((element) =>
    ['title', 'aria-label', 'placeholder'].map((name) => element.getAttribute(name) ?? ''),
  );
  return [document.title, document.body.textContent, ...said].join('\n');
}

inBrowser('what is not there', () => {
  test('a run, an event, a workflow, an approval and a view that do not exist are one clear sentence and a way on', async ({
    visit,
  }) => {
    const gone = '00000000-0000-4000-8000-000000000000';
    const { page, allow } = await visit();
    allow(/status of 4(04|00|10)/);
    for (const place of [`/runs/${gone}`, `/workflows/no-such-workflow`, `/approvals?id=${gone}-1`, '/no/such/place']) {
      await page.goto(place);
      await settled(page);
      const main = page.getByRole('main').first();
      await main
        .getByText(/no |not |nothing/i)
        .first()
        .waitFor();
      expect(await main.locator('a, button').count(), place).toBeGreaterThan(0);
      await expectAccessible(page, place);
    }
    await page.goto(`/runs/${done}?tab=events&event=999999`);
    await settled(page);
    await page.getByText('This run has no event 999999.').waitFor();
  });
});
