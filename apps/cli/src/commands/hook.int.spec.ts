import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench } from '../testing/baton.js';
import { json, problem } from '../testing/http-server.js';

const HOOK = {
  name: 'orders',
  verify: 'standard',
  secret: 'SHOP',
  run: { workflow: 'fulfil-order' },
  createdBy: { type: 'apikey', id: 'shop' },
  madeAt: '2026-11-28T12:00:00.000Z',
};

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

test('a hook is made, and where it is called is said', async () => {
  bench.routes.set('POST /v1/hooks', (_, response) => json(response, 201, HOOK));
  const args = ['--secret', 'SHOP', '--workflow', 'fulfil-order', '--map', '{"n": "{% $states.input.n %}"}'];
  const { exitCode, stdout, stderr } = await bench.baton(['hook', 'create', 'orders', ...args, '--label', 'a=b']);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(stdout).toContain('/hooks/orders');
  expect(stdout).toContain('BATON_HOOK_SHOP_SECRET');
  expect(bench.lastBody()).toEqual({
    name: 'orders',
    verify: 'standard',
    secret: 'SHOP',
    run: { workflow: 'fulfil-order', labels: { a: 'b' } },
    input: { n: '{% $states.input.n %}' },
  });
});

test('what a run is given may be one expression, which needs no quotes of JSON', async () => {
  bench.routes.set('POST /v1/hooks', (_, response) => json(response, 201, HOOK));
  const map = '{% $states.input.action = "opened" ? {"title": $states.input.issue.title} : null %}';
  const args = ['--secret', 'SHOP', '--workflow', 'fulfil-order', '--map'];
  expect(await bench.baton(['hook', 'create', 'orders', ...args, map])).toMatchObject({ exitCode: 0 });
  expect(bench.lastBody()).toMatchObject({ input: map });
  expect((await bench.baton(['hook', 'create', 'orders', ...args, '{% $states.input'])).exitCode).toBe(2);
});

test('hooks are listed and removed, and what is refused is said with what to do', async () => {
  bench.routes.set('GET /v1/hooks', (_, response) => json(response, 200, { hooks: [HOOK] }));
  expect((await bench.baton(['hook', 'list'])).stdout).toMatch(/orders\s+standard\s+SHOP\s+fulfil-order/);
  bench.routes.set('DELETE /v1/hooks/orders', (_, response) => problem(response, 404, 'hook-not-found', 'No hook.'));
  const refused = await bench.baton(['hook', 'delete', 'orders']);
  expect(refused.exitCode).not.toBe(0);
  expect(refused.stderr).toContain('baton hook list');
  expect((await bench.baton(['hook', 'delete', 'Orders!'])).exitCode).toBe(2);
});
