import { Role } from '@baton/contracts';
import { expect, test } from 'vitest';
import { ACCESS_TABLE } from '../testing/access-table.js';
import { controllerRoutes } from '../testing/controller-routes.js';
import { isForScoped, mayTake, ROUTE_ROLES, ROUTES_FOR_SCOPED } from './route-roles.js';

/** Routes that ask for no key. */
const OPEN = new Set([
  'GET /livez',
  'GET /readyz',
  'GET /openapi.json',
  'GET /v1/auth/options',
  'POST /v1/auth/session',
  'GET /v1/auth/oidc/start',
  'GET /v1/auth/oidc/callback',
  'POST /hooks/:hook',
]);

test('every route stands in the written table, and no other does', () => {
  const routes = controllerRoutes().filter((route) => !OPEN.has(route));
  expect(routes.length).toBeGreaterThan(50);
  expect(ACCESS_TABLE.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([...routes].sort());
  const named = [...Object.keys(ROUTE_ROLES), ...ROUTES_FOR_SCOPED];
  expect(named.filter((route) => !routes.includes(route))).toEqual([]);
});

test.each(ACCESS_TABLE)('$method $path is open to those the written table says', ({ method, path, roles, scoped }) => {
  expect(Role.options.filter((role) => mayTake([role], method, path))).toEqual([...roles]);
  expect(isForScoped(method, path)).toBe(scoped !== '-');
});

test('a route of tomorrow that nobody wrote down is an admin’s, and closed to keys for certain runs', () => {
  expect(mayTake(['viewer', 'submitter', 'approver', 'operator', 'auditor'], 'POST', '/v1/of-tomorrow')).toBe(false);
  expect(mayTake(['admin'], 'POST', '/v1/of-tomorrow')).toBe(true);
  expect(isForScoped('GET', '/v1/of-tomorrow')).toBe(false);
});

test('who may look changes nothing by it', () => {
  const changing = ACCESS_TABLE.filter(({ method, roles }) => method !== 'GET' && roles.has('viewer'));
  expect(changing.map(({ path }) => path).sort()).toEqual([
    // What it changes, it changes by other routes.
    '/mcp',
    '/v1/auth/codes',
    '/v1/auth/keys/:name/rotate',
    '/v1/auth/session',
    // One's own alone, where one is no admin.
    '/v1/auth/sessions/:id',
    '/v1/decisions/backtest',
    '/v1/workflows/consider',
    '/v1/workflows/graph',
    '/v1/workflows/validate',
  ]);
});
