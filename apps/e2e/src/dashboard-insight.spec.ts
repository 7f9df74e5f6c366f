import { ended, type Stack, sevenSteps, submit } from '@baton/test-stack';
import { expect } from 'vitest';
import { expectAccessible } from './testing/browser/axe.js';
import { HANDS, handsOf } from './testing/browser/hands.js';
import { settled } from './testing/browser/settled.js';
import { inBrowser, test } from './testing/browser/test.js';

let stack: Stack;
test.beforeAll(async ({ everything }) => {
  stack = everything;
  await ended(stack, await submit(stack, { ...sevenSteps(), decisions: { mode: 'shadow' } }));
});

inBrowser('what many runs say together', () => {
  for (const kind of HANDS) {
    test(`by ${kind}: what was used is there by workflow and by agent, and a number leads to its runs`, async ({
      visit,
    }) => {
      const { page } = await visit({ to: '/insight?workflow=seven-step' });
      const { choose } = handsOf(kind, page);
      const agents = page.getByRole('table', { name: 'By agent' });
      for (const agent of ['planner', 'validator', 'programmer', 'advisor'])
        await agents.getByRole('cell', { name: agent, exact: true }).waitFor();
      const workflows = page.getByRole('table', { name: 'By workflow' });
      await choose(workflows.getByRole('link', { name: 'seven-step' }));
      await page.waitForURL((url) => url.pathname === '/' && url.searchParams.get('workflow') === 'seven-step');
      expect(new URL(page.url()).searchParams.get('began')).toMatch(/^\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d$/);
      await page.getByRole('region', { name: 'Runs', exact: true }).getByRole('link').first().waitFor();
    });

    test(`by ${kind}: of decisions those alone are listed that a number stands for`, async ({ visit }) => {
      const { page } = await visit({ to: '/insight?part=decisions&workflow=seven-step' });
      const { choose } = handsOf(kind, page);
      await choose(page.getByRole('table', { name: 'Rule and advice' }).getByRole('link', { name: /^agreed/ }));
      await page.getByRole('table', { name: /^Decisions of which the advice: agreed/ }).waitFor();
      await expectAccessible(page, 'decisions of one kind');
      await choose(page.getByRole('link', { name: 'Show the usual lists' }));
      await page.getByRole('heading', { name: 'A person was asked' }).waitFor();
    });
  }

  test('of another policy what was moved is sent, and nothing else, for the whole of the range', async ({ visit }) => {
    const { page } = await visit({ to: '/insight?part=backtest&since=2026-01-01&until=2026-12-31' });
    await settled(page);
    await page.getByRole('checkbox', { name: 'Change: Spread of validators' }).check();
    await page.getByRole('slider', { name: 'Spread of validators' }).fill('2');
    const sent = page.waitForRequest((request) => request.url().includes('/v1/decisions/backtest'));
    await page.getByRole('button', { name: 'Decide again' }).click();
    const request = await sent;
    expect(request.postDataJSON()).toEqual({ limits: { spread: 2 } });
    const asked = new URL(request.url()).searchParams;
    expect(Date.parse(asked.get('until') ?? '') - Date.parse(asked.get('since') ?? '')).toBe(365 * 86_400_000);
    await page.getByText(/decisions of .* runs\.$/).waitFor();
  });
});
