import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended, type Stack, sevenSteps, submit } from '@baton/test-stack';
import type { Page } from 'playwright-core';
import { afterAll, expect } from 'vitest';
import { expectAccessible, sidewaysIn } from './testing/browser/axe.js';
import { settled } from './testing/browser/settled.js';
import { inBrowser, test } from './testing/browser/test.js';
import * as commands from './testing/commands.js';
import * as files from './testing/write-file.js';

const TOOLS = 'checks:\n  - name: greeting\n    command: echo hello from the check; echo and a word aside >&2\n';

let stack: Stack;
let dir: string;
let runId: string;
test.beforeAll(async ({ everything }) => {
  stack = everything;
  dir = await mkdtemp(join(tmpdir(), 'baton-dashboard-'));
  await files.write(join(dir, 'shop/README.md'), '# Shop\n');
  await files.write(join(dir, 'shop/.baton/tools.yaml'), TOOLS);
  const { workflow, input } = sevenSteps();
  const tree = await commands.upload(stack, join(dir, 'shop'));
  runId = await submit(stack, { workflow, input: { ...input, workspace: { tree } } });
  expect((await ended(stack, runId)).status).toBe('succeeded');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const addressOf = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);

inBrowser('a run on a workspace', () => {
  test('what it changed, how that came about and what its checks printed is looked at, step by step and back', async ({
    visit,
  }) => {
    const { page } = await visit({ to: `/runs/${runId}?tab=code` });
    const part = (name: string) => page.getByRole('button', { name, exact: true });
    await page.getByLabel('Version', { exact: true }).selectOption('code 1');
    await page.getByRole('region', { name: 'What changed' }).waitFor();
    expect(addressOf(page)).toMatchObject({ tab: 'code', made: 'code 1' });
    await page
      .locator('summary')
      .filter({ hasText: /^greeting/ })
      .click();
    await page
      .locator('summary')
      .filter({ hasText: /^Printed \d/ })
      .click();
    await page.getByText('hello from the check').waitFor();
    await page
      .locator('summary')
      .filter({ hasText: /^Printed as errors/ })
      .click();
    await page.getByText('and a word aside').waitFor();
    await expectAccessible(page, 'the versions, with what a check printed');

    await part('Changes to the workspace').click();
    await page.getByText('what it stands on').waitFor({ state: 'attached' });
    const changes = page.getByRole('region', { name: 'What changed' });
    await changes.getByText(/files differ\.$/).waitFor();
    const paths = await changes.locator('summary .font-mono').allTextContents();
    const last = paths.at(-1) ?? '';
    await changes.getByText(last, { exact: true }).click();
    await changes.getByRole('table', { name: `Changes of ${last}` }).waitFor();
    expect(addressOf(page)).toMatchObject({ look: 'changes', file: last });
    await expectAccessible(page, 'the changes');

    await part('Files').click();
    await page.getByRole('region', { name: 'The chosen file' }).waitFor();
    const there = page.url();
    await page.goBack();
    await changes.getByRole('table', { name: `Changes of ${last}` }).waitFor();
    await page.goBack();
    await page.goBack();
    await page.getByLabel('Version', { exact: true }).waitFor();
    expect(addressOf(page)).toMatchObject({ made: 'code 1' });
    await page.goForward();
    await changes.waitFor();

    const { page: another } = await visit({ to: there.slice(new URL(there).origin.length), width: 400 });
    await settled(another);
    await another.getByRole('region', { name: 'The chosen file' }).getByText(last, { exact: true }).waitFor();
    expect(await sidewaysIn(another)).toBe(0);
    // A link to a file of a comparison comes to it, and opens no other.
    await another.goto(`/runs/${runId}?tab=code&look=changes&file=${encodeURIComponent(last)}`);
    const table = another.getByRole('table', { name: `Changes of ${last}` });
    await table.waitFor();
    expect(await another.getByRole('table', { name: /^Changes of / }).count()).toBe(1);
    await expect.poll(async () => (await table.boundingBox())?.y ?? Infinity).toBeLessThan(800);
  });
});
