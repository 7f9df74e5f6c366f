import { askedOf, getRun, publish, submit } from '@baton/test-stack';
import { expect } from 'vitest';
import { RELEASE_NOTES } from './testing/browser/documents.js';
import { HANDS, handsOf } from './testing/browser/hands.js';
import { inBrowser, test } from './testing/browser/test.js';
import { keyOf } from './testing/browser/visits.js';

test.beforeAll(({ everything }) => publish(everything, RELEASE_NOTES));

inBrowser('from the form to the approval', () => {
  for (const kind of HANDS)
    test(`by ${kind}: a run is submitted by the form and watched, sent back for changes, and approved`, async ({
      visit,
      everything,
    }) => {
      const { page, origin } = await visit({ to: '/submit' });
      const { choose, write, pick } = handsOf(kind, page);
      const notes = `Faster, by ${kind} <b>and bold</b>`;

      await page.getByRole('heading', { name: 'Submit a run' }).waitFor();
      await pick(page.getByLabel('Workflow', { exact: true }), RELEASE_NOTES.name);
      await write(page.getByRole('textbox', { name: 'Notes' }), notes);
      await page.getByLabel('Command with baton', { exact: true }).getByText(RELEASE_NOTES.name).waitFor();
      await choose(page.getByRole('button', { name: 'Submit the run' }));
      await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
      const runId = page.url().replace(/^.*\/runs\/([0-9a-f-]{36}).*$/, '$1');
      await page
        .getByText(/waiting|running/)
        .first()
        .waitFor();

      await choose(page.getByRole('link', { name: /^Approvals/ }));
      const entry = page.getByRole('list', { name: 'Approvals' }).locator(`a[href*="${runId}"]`);
      await choose(entry);
      const article = page.getByRole('article');
      await article.getByText(notes).first().waitFor();
      const before = new URL(page.url()).searchParams.get('id') ?? undefined;
      expect(await article.locator('b').count()).toBe(0);
      await choose(page.getByRole('button', { name: /^Request changes/ }));
      const dialog = page.getByRole('dialog');
      await write(dialog.getByLabel('What is to be changed'), 'say for whom');
      await choose(dialog.getByRole('button', { name: 'Request changes' }));
      await page.getByText('Recorded:').waitFor();

      const first = await everything.api(`/v1/approvals?run=${runId}`);
      expect(first).toMatchObject({ approvals: [{ status: 'open' }] });
      // The list has the old one until it is asked for again.
      const { approvalId } = await askedOf(everything, runId, before);
      await choose(page.getByRole('list', { name: 'Approvals' }).locator(`a[href*="${approvalId}"]`));
      await article.getByText(`${notes} (say for whom)`).first().waitFor();
      if (kind === 'mouse') await choose(page.getByRole('button', { name: /^Approve/ }));
      else await page.keyboard.press('a');
      await choose(dialog.getByRole('button', { name: 'Approve' }));
      const event = page.getByRole('link', { name: new RegExp(`of run ${runId.slice(0, 8)}`) });
      await choose(event);
      await page.waitForURL(`${origin}/runs/${runId}?**`);
      await page.getByText('succeeded').first().waitFor();
      expect(await getRun(everything, runId)).toMatchObject({ status: 'succeeded' });
    });

  test('whoever may only look is offered neither an answer nor the form, and told who may', async ({
    visit,
    everything,
  }) => {
    const runId = await submit(everything, { workflow: RELEASE_NOTES.name, input: { notes: 'wait' } });
    const { approvalId } = await askedOf(everything, runId);
    const { page } = await visit({ key: await keyOf(everything, 'viewer'), to: `/approvals?id=${approvalId}` });
    await page.getByRole('article').getByText('wait').first().waitFor();
    await page.getByText('Only an approver may answer.').waitFor();
    await page.keyboard.press('a');
    expect(await page.getByRole('button', { name: /^(Approve|Reject|Request)/ }).count()).toBe(0);
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('link', { name: 'Submit' }).click();
    await page.getByText('Only a submitter may submit a run.').waitFor();
    await page.goto(`/runs/${runId}`);
    await page.getByRole('region', { name: 'Summary of the run' }).waitFor();
    expect(await page.getByRole('button', { name: /^Actions/ }).count()).toBe(0);
  });
});
