import { askedOf, ended, publish, submit } from '@baton/test-stack';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { expectAccessible } from './testing/browser/axe.js';
import { PICKY_INPUT, RELEASE_NOTES, TWO_APPROVERS } from './testing/browser/documents.js';
import { inBrowser, test } from './testing/browser/test.js';
import { keyOf } from './testing/browser/visits.js';

test.beforeAll(async ({ everything }) => {
  for (const document of [RELEASE_NOTES, TWO_APPROVERS, PICKY_INPUT]) await publish(everything, document);
});

const BEGUN = `name: completed
version: 1.0.0
title: Written with what the editor offers
definition:
  QueryLanguage: JSONata
  StartAt: Done
  States:
    Done:
      Type: Succeed
    Work:
      Type: Task
`;

inBrowser('the editor of a workflow', () => {
  test('offers by keyboard what can stand at a place, with what the schema says of it, and marks what is wrong there', async ({
    visit,
  }) => {
    const { page } = await visit({ to: '/edit-workflow' });
    const editor = page.getByRole('textbox', { name: 'Workflow document' });
    await editor.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(`${BEGUN}      `);
    await page.keyboard.type('Res');
    // Beside it stands what it is.
    await page.getByText('Who does it.').waitFor();
    await take(page, /^Resource/);
    await page.keyboard.type('prom');
    await take(page, /^baton:worker:prompt/);
    await page.keyboard.press('Enter');
    await page.keyboard.type('Next: D');
    await offered(page, /^Done/).waitFor();
    await expectAccessible(page, 'what the editor offers');
    await take(page, /^Done/);
    expect(await linesOf(page)).toEqual(
      expect.arrayContaining(['      Resource: baton:worker:prompt', '      Next: Done']),
    );
    const findings = page.getByRole('region', { name: 'Findings' });
    // Nothing leads to the state.
    await findings
      .getByRole('button', { name: /line 10/ })
      .first()
      .waitFor();
    await page.keyboard.press('End');
    await page.keyboard.type('t');
    const unknown = findings.getByRole('button', { name: /error, line 13/ });
    await unknown.first().click();
    expect(await page.locator('.cm-activeLine').textContent()).toContain('Next: Donet');
  });
});

const offered = (page: Page, name: RegExp) => page.getByRole('listbox').getByRole('option', { selected: true, name });

/** An editor that has only just opened its list takes a key for one that was meant before. */
const UNDERSTOOD_MS = 150;

async function take(page: Page, name: RegExp): Promise<void> {
  await offered(page, name).waitFor();
  await page.waitForTimeout(UNDERSTOOD_MS);
  await page.keyboard.press('Enter');
}

/** What is written; the editor shows all of a text that is as short. */
const linesOf = (page: Page): Promise<readonly string[]> => page.locator('.cm-line').allInnerTexts();

inBrowser('an approval that is not for one alone', () => {
  test('says who is missing once somebody has approved, and goes on with a second person', async ({
    visit,
    everything,
  }) => {
    const runId = await submit(everything, { workflow: TWO_APPROVERS.name, input: {} });
    const { approvalId } = await askedOf(everything, runId);
    const { page } = await visit({ to: `/approvals?id=${approvalId}` });
    await page.getByRole('article').getByText('A reminder after 1 h').waitFor();
    await page.keyboard.press('a');
    await page.getByRole('dialog').getByLabel('Comment').fill('fine by me');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Recorded:').waitFor();
    await page.goto(`/approvals?id=${approvalId}`);
    await page.getByText('You have approved it. It waits for one more.').waitFor();
    expect(await page.getByRole('button', { name: /^Approve/ }).count()).toBe(0);

    const other = await visit({ key: await keyOf(everything, 'approver'), to: `/approvals?id=${approvalId}` });
    await other.page.getByRole('article').getByText('fine by me').waitFor();
    await other.page.keyboard.press('a');
    await other.page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await other.page.getByText('Recorded:').waitFor();
    expect(await ended(everything, runId)).toMatchObject({ status: 'succeeded' });
  });

  test('that somebody else answers meanwhile says so, keeps what was written, and leads to what is asked now', async ({
    visit,
    everything,
  }) => {
    const runId = await submit(everything, { workflow: RELEASE_NOTES.name, input: { notes: 'Faster' } });
    const { approvalId } = await askedOf(everything, runId);
    const { page } = await visit({ to: `/approvals?id=${approvalId}` });
    await page.getByRole('article').getByText('Faster').first().waitFor();
    await page.keyboard.press('c');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What is to be changed').fill('say how much');
    const body = JSON.stringify({ decision: 'request-changes', comment: 'for whom?' });
    await everything.api(`/v1/approvals/${approvalId}/decision`, { method: 'POST', body });
    await dialog.getByText('It was sent back for changes').waitFor();
    await dialog.getByText('say how much').waitFor();
    await dialog.getByRole('link', { name: 'Publish the notes?' }).click();
    await page.getByRole('article').getByText('Faster (for whom?)').first().waitFor();
    expect(await dialog.count()).toBe(0);
  });
});

inBrowser('the form of a run', () => {
  test('shows what only the gateway finds wrong at its field, and sends null where that is chosen', async ({
    visit,
    everything,
  }) => {
    const { page, allow } = await visit({ to: `/submit?workflow=${PICKY_INPUT.name}` });
    const code = page.getByRole('textbox', { name: 'Code' });
    await code.fill(`it's "$(id)"`);
    await page.getByRole('button', { name: 'Fill in nick' }).click();
    await page.getByLabel('How nick is given').selectOption({ label: 'Nothing (null)' });
    const command = page.getByRole('region', { name: 'Command with baton' });
    await command.getByText(`"code":"it'\\''s \\"$(id)\\"","nick":null`).waitFor();
    const forbid = allow(/status of 422/);
    await page.getByRole('button', { name: 'Submit the run' }).click();
    await page.getByText('code: must match pattern').waitFor();
    forbid();
    expect(await code.getAttribute('aria-invalid')).toBe('true');
    await code.fill('ABC');
    await page.getByRole('button', { name: 'Submit the run' }).click();
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
    const runId = page.url().replace(/^.*\/runs\/([0-9a-f-]{36}).*$/, '$1');
    expect(await ended(everything, runId)).toMatchObject({ status: 'succeeded' });
  });
});
