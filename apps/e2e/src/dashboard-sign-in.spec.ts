import { ended, REPORT, submit } from '@baton/test-stack';
import { expect } from 'vitest';
import { expectAccessible, sidewaysIn } from './testing/browser/axe.js';
import { HANDS, handsOf } from './testing/browser/hands.js';
import { inBrowser, test } from './testing/browser/test.js';
import { keyOf, linkTo, NOBODY } from './testing/browser/visits.js';

inBrowser('signing in', () => {
  test('a link signs in once, leads where it says, and leaves nothing of its code in the address', async ({
    visit,
    everything,
  }) => {
    const link = await linkTo(everything, '/workflows');
    const { page, origin } = await visit({ key: null, to: link });
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
    expect(page.url()).toBe(`${origin}/workflows`);
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();

    await page.goto(await linkTo(everything, '/submit'));
    const stay = page.getByRole('button', { name: 'Stay signed in as local-admin' });
    await stay.waitFor();
    await expectAccessible(page, 'a link while somebody is signed in');
    await stay.click();
    await page.waitForURL('**/submit');

    const second = await visit({ key: null, to: link });
    second.allow(/status of 401 .*\/v1\/auth\/session\)$/);
    await second.page.getByText(/code/i).first().waitFor();
    expect(await second.page.getByRole('textbox', { name: 'Key' }).isVisible()).toBe(true);
    expect(second.page.url()).not.toContain('#');
  });

  test('a key signs in by keyboard alone, a wrong one is a clear sentence, and whoever had wanted to go somewhere gets there', async ({
    visit,
    everything,
  }) => {
    const key = await keyOf(everything, 'viewer');
    const { page, origin, allow } = await visit({ key: null, to: '/workflows?wanted=this' });
    allow(NOBODY);
    const field = page.getByLabel('Key', { exact: true });
    await field.waitFor();
    await expectAccessible(page, 'signing in');
    await page.setViewportSize({ width: 400, height: 800 });
    expect(await sidewaysIn(page)).toBe(0);

    await page.keyboard.press('Tab');
    await page.keyboard.type('baton_wrong');
    await page.keyboard.press('Enter');
    await page
      .getByText(/key|credential|token/i)
      .filter({ hasText: /not|no |wrong/i })
      .first()
      .waitFor();
    await expectAccessible(page, 'a wrong key');
    await field.focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type(key);
    await page.keyboard.press('Enter');
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
    expect(page.url()).toBe(`${origin}/workflows?wanted=this`);
    await page.getByRole('button', { name: /^browser-viewer-/ }).waitFor();
  });

  for (const kind of HANDS)
    test(`by ${kind}: whoever signs out is out everywhere in that browser, and the way back leads to the sign-in`, async ({
      visit,
    }) => {
      const { page, origin, allow } = await visit();
      const { choose } = handsOf(kind, page);
      await choose(page.getByRole('button', { name: 'local-admin' }));
      const item = page.getByRole('menuitem', { name: 'Sign out' });
      await item.waitFor();
      if (kind === 'mouse') await expectAccessible(page, 'the menu', '[role=menu]');
      allow(NOBODY);
      await choose(item);
      await page.getByLabel('Key', { exact: true }).waitFor();
      expect(await page.context().cookies()).toEqual([]);
      await page.goto('/operations');
      await page.getByLabel('Key', { exact: true }).waitFor();
      expect(page.url()).toBe(`${origin}/sign-in?to=%2Foperations`);
    });

  test('whoever signs out in another tab is told in this one, which keeps what it shows and what is written there', async ({
    visit,
  }) => {
    const { page, allow } = await visit({ to: '/submit?workflow=seven-step' });
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    await page.getByRole('textbox', { name: 'requirements' }).fill('half a sentence');
    const other = await page.context().newPage();
    await other.goto('/');
    await other.getByRole('button', { name: 'local-admin' }).click();
    await page.bringToFront();
    // The gateway breaks off the stream of this page, and nobody is let in where nobody is signed in.
    allow(/ERR_INCOMPLETE_CHUNKED_ENCODING .*\/v1\/events/);
    allow(/status of 401 /);
    await other.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('alert').filter({ hasText: 'You are signed out' }).waitFor();
    await expectAccessible(page, 'a view of whoever signed out elsewhere');
    await page.getByRole('tab', { name: 'JSON' }).click();
    expect(await page.getByRole('textbox', { name: 'Input' }).inputValue()).toContain('half a sentence');
    await page.getByRole('link', { name: 'Workflows' }).click();
    await page.waitForURL('**/sign-in?to=%2Fworkflows');
  });
});

inBrowser('the list of runs', () => {
  test('what happens between its first answer and the beginning of the stream is not missed', async ({
    visit,
    everything,
  }) => {
    const { page } = await visit({ to: '/submit' });
    let begin = (): void => {};
    const mayBegin = new Promise<void>((resolve) => {
      begin = resolve;
    });
    await page.route(/\/v1\/events\?/, async (route) => {
      await mayBegin;
      await route.continue();
    });
    const listed = page.waitForResponse(/\/v1\/runs\b/);
    await page.goto('/');
    await listed;
    const runId = await submit(everything, REPORT);
    await ended(everything, runId);
    expect(await page.locator(`a[href^="/runs/${runId}"]`).count()).toBe(0);
    begin();
    await page.locator(`a[href^="/runs/${runId}"]`).first().waitFor();
  });

  test('a run that is submitted while it is open appears, and its end is seen, without anything being asked for by time', async ({
    visit,
    everything,
  }) => {
    const { page } = await visit();
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    const runId = await submit(everything, REPORT);
    const row = page.getByRole('row').filter({ has: page.locator(`a[href^="/runs/${runId}"]`) });
    await row.waitFor();
    await row.getByText('succeeded').waitFor();
  });
});

inBrowser('a gateway that goes away', () => {
  test('the page says so, shows nothing that is wrong, and recovers by itself with what happened meanwhile', async ({
    visit,
    everything: stack,
  }) => {
    const before = await submit(stack, REPORT);
    const { page, allow } = await visit();
    const rowOf = (runId: string) => page.getByRole('row').filter({ has: page.locator(`a[href^="/runs/${runId}"]`) });
    await rowOf(before).getByText('succeeded').waitFor();
    allow(
      /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|status of 50\d/,
    );
    await stack.kill('gateway');
    await page.getByRole('status').filter({ hasText: 'Connection lost' }).waitFor();
    await rowOf(before).getByText('succeeded').waitFor();
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    await stack.kill('orchestrator');
    const after = await submit(stack, REPORT);
    await rowOf(after).getByText('succeeded').waitFor();
  });
});

inBrowser('what watches over these tests', () => {
  test('a page that complains, breaks, does what its policy forbids or asks somebody else is told of', async ({
    visit,
  }) => {
    const { page, takeFaults } = await visit({ to: '/workflows' });
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
    expect(takeFaults()).toEqual([]);
    await page.evaluate(`console.error('a complaint')`);
    await page.evaluate(`setTimeout(() => { throw new Error('broken') })`);
    await page.evaluate(`document.body.appendChild(document.createElement('script')).textContent = '1'`);
    await page.evaluate(`fetch('http://example.invalid/').catch(() => {})`);
    const seen: string[] = [];
    await expect.poll(() => seen.push(...takeFaults())).toBeGreaterThanOrEqual(5);
    const all = seen.join('\n');
    for (const fault of [/a complaint/, /not caught: .*broken/, /script-src/, /connect-src/])
      expect(all).toMatch(fault);
  });
});
