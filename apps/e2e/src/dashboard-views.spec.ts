import { ended, publish, type Stack, sevenSteps, submit } from '@baton/test-stack';
import { expect } from 'vitest';
import { expectAccessible, sidewaysIn, violationsIn } from './testing/browser/axe.js';
import { HOSTILE, HOSTILE_NOTE, RELEASE_NOTES } from './testing/browser/documents.js';
import { settled } from './testing/browser/settled.js';
import { inBrowser, test } from './testing/browser/test.js';

const TABS = ['timeline', 'graph', 'events', 'decisions', 'code'];
const WORKFLOW_TABS = ['graph', 'document', 'input', 'versions'];
const INSIGHT = ['usage', 'decisions', 'judges', 'backtest'];
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
      ...INSIGHT.map((part) => `/insight?part=${part}`),
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

inBrowser('text of anybody', () => {
  test('what a workflow says in HTML, with marks that turn text round, in colours of a terminal or in one long line is text', async ({
    visit,
  }) => {
    const runId = await submit(stack, { workflow: HOSTILE.name, input: { note: HOSTILE_NOTE } });
    await ended(stack, runId);
    const { page } = await visit({ to: `/runs/${runId}` });
    for (const tab of TABS) {
      await page.goto(`/runs/${runId}?tab=${tab}`);
      await settled(page);
      const shown = await page.locator('body').textContent();
      expect(await page.locator('img[src="x"], main script, main iframe').count(), tab).toBe(0);
      expect(await page.evaluate('window.wasHere'), tab).toBeUndefined();
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is the point.
      expect(shown, tab).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u001b]/);
      expect(shown?.length, tab).toBeLessThan(1_000_000);
    }
  });
});

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
