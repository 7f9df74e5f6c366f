import { askedOf, ended, publish, type Stack, submit } from '@baton/test-stack';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { expectAccessible, sidewaysIn } from './testing/browser/axe.js';
import { SECOND_OPINION } from './testing/browser/documents.js';
import { inBrowser, test } from './testing/browser/test.js';

let stack: Stack;
test.beforeAll(async ({ everything }) => {
  stack = everything;
  await publish(stack, SECOND_OPINION);
});

const begin = (mode: string, score: number): Promise<string> =>
  submit(stack, { workflow: SECOND_OPINION.name, input: { score }, decisions: { mode } });

const decisionsOn = (page: Page): Locator => page.getByRole('article', { name: 'Decision at Good' });
const sideOf = (decision: Locator, name: string): Locator => decision.getByRole('group', { name, exact: true });
const rowsOf = async (decision: Locator): Promise<readonly string[]> => {
  const rows = await decision.getByRole('table').getByRole('row').all();
  return Promise.all(rows.slice(1).map(async (row) => (await row.getByRole('cell').allTextContents()).join(' | ')));
};

inBrowser('the decisions of a run', () => {
  test('an advice against the rule has the word, then a person takes another move, and each is seen as it happens', async ({
    visit,
  }) => {
    const runId = await begin('llm', 5);
    const question = await askedOf(stack, runId);
    const { page } = await visit({ to: `/runs/${runId}?tab=decisions` });
    const [first, second] = [decisionsOn(page).nth(0), decisionsOn(page).nth(1)];
    await first.getByText('disagreement').waitFor();
    await sideOf(first, 'Rule').getByText('quality 5 is below 9', { exact: false }).waitFor();
    const advice = sideOf(first, 'Advice');
    await advice.getByText('had the word').waitFor();
    await advice.getByText('Confidence 70 %').waitFor();
    await advice.getByText('something is still missing', { exact: false }).first().waitFor();
    expect(await rowsOf(first)).toEqual([
      'go:Improve | rule | end the work as finished in Improve',
      'go:Accept |  | end the work as finished in Accept',
      'human | advice, ✓ taken | ask a person, with the whole story',
      'fail |  | end the run as failed',
    ]);

    await stack.api(`/v1/approvals/${question.approvalId}/decision`, {
      method: 'POST',
      body: JSON.stringify({ decision: 'approve', move: 'go:Accept', comment: 'good enough' }),
    });
    const person = sideOf(second, 'Person');
    await person.getByText('had the word').waitFor();
    await person.getByText('good enough').waitFor();
    await sideOf(second, 'Rule').getByText('quality 5 is below 9', { exact: false }).waitFor();
    expect(await rowsOf(second)).toContain('go:Accept | person, ✓ taken | end the work as finished in Accept');
    await page.getByText('2 with disagreement', { exact: false }).waitFor();
    await expectAccessible(page, 'decisions');
    await page.setViewportSize({ width: 400, height: 800 });
    expect(await sidewaysIn(page)).toBe(0);
  });

  test('an advice in shadow is beside the rule that was followed, and one that agrees is no disagreement', async ({
    visit,
  }) => {
    const [apart, agreed, ruled] = await Promise.all([
      begin('shadow', 5),
      begin('hybrid', 9.5),
      begin('programmatic', 5),
    ]);
    for (const runId of [apart, agreed, ruled]) await ended(stack, runId);
    const { page } = await visit({ to: `/runs/${apart}?tab=decisions` });
    const decision = decisionsOn(page);
    await decision.getByText('disagreement').waitFor();
    await sideOf(decision, 'Rule').getByText('had the word').waitFor();
    await sideOf(decision, 'Advice').getByText('in shadow: recorded, not followed', { exact: false }).waitFor();
    // In shadow the advice comes when it comes, also after the end of the run.
    await expect.poll(async () => (await rowsOf(decision))[2]).toMatch(/^human \| advice \|/);

    await page.goto(`/runs/${agreed}?tab=decisions`);
    await decision.getByText('the advice agreed', { exact: false }).waitFor();
    expect(await decision.getByText('disagreement').count()).toBe(0);

    await page.goto(`/runs/${ruled}?tab=decisions`);
    await sideOf(decision, 'Advice').getByText('Nobody was asked.').waitFor();
  });
});
