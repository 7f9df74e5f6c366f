import { randomUUID } from 'node:crypto';
import { ended, publish, type Stack, until } from '@baton/test-stack';
import { createPostgresBackend, Queue } from 'bullmq';
import { afterAll, expect } from 'vitest';
import { expectAccessible } from './testing/browser/axe.js';
import { HANDS, handsOf } from './testing/browser/hands.js';
import { inBrowser, test } from './testing/browser/test.js';

const open = (connectionString: string) =>
  new Queue('intake', { connection: { connectionString } }, createPostgresBackend);

let stack: Stack;
let intake: ReturnType<typeof open>;
test.beforeAll(async ({ everything }) => {
  stack = everything;
  intake = open((await stack.joinEnv())?.DATABASE_URL ?? '');
});
afterAll(() => intake?.close());

const yamlOf = (name: string, type = 'Succeed'): string =>
  `name: ${name}\nversion: 1.0.0\ntitle: Ends at once\ndefinition:\n  QueryLanguage: JSONata\n  StartAt: Done\n  States:\n    Done:\n      Type: ${type}\n`;

inBrowser('what an operator does', () => {
  for (const kind of HANDS) {
    test(`by ${kind}: a workflow is written, told what is wrong with it, put right and published`, async ({
      visit,
    }) => {
      const { page } = await visit({ to: '/workflows' });
      const { choose, write } = handsOf(kind, page);
      await choose(page.getByRole('link', { name: 'New workflow' }));
      const editor = page.getByRole('textbox', { name: 'Workflow document' });
      const publishing = page.getByRole('button', { name: /^Publish/ });
      await write(editor, yamlOf(`by-${kind}`, 'Sucseed'));
      const findings = page.getByRole('region', { name: 'Findings' });
      await findings.getByText(/error/).first().waitFor();
      expect(await publishing.isDisabled()).toBe(true);
      await expectAccessible(page, 'the editor');
      await write(editor, yamlOf(`by-${kind}`));
      await findings.getByText('Nothing is wrong with it.').waitFor();
      await choose(publishing);
      await choose(page.getByRole('dialog').getByRole('button', { name: 'Publish' }));
      await page.waitForURL((url) => decodeURIComponent(url.pathname) === `/workflows/by-${kind}@1.0.0`);
      await page.getByRole('heading', { name: `by-${kind}` }).waitFor();
    });

    test(`by ${kind}: a dead letter is taken up again once its cause is gone`, async ({ visit }) => {
      const [runId, workflow] = [randomUUID(), `late-${kind}`];
      await intake.add('submit', { requestId: `late-${runId}`, runId, workflow, input: {} });
      await until(async () => JSON.stringify(await stack.api('/v1/dead-letters')).includes(workflow), 'the letter');
      const { page } = await visit({ to: '/operations?part=dead-letters' });
      const { choose } = handsOf(kind, page);
      const letter = page.getByRole('article').filter({ hasText: `no workflow ${workflow}` });
      await letter.waitFor();
      await publish(stack, yamlOf(workflow));
      await choose(letter.getByRole('button', { name: 'Take up again' }));
      const dialog = page.getByRole('dialog');
      await choose(dialog.getByRole('button', { name: 'Take up again' }));
      await page.getByRole('status').filter({ hasText: 'goes back into its queue' }).waitFor();
      await letter.waitFor({ state: 'detached' });
      expect(await ended(stack, runId)).toMatchObject({ status: 'succeeded' });
    });
  }
});
