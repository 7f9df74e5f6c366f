import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROUTE_ROLES } from './route-roles.js';

const SOURCES = join(import.meta.dirname, '..');

/** Routes that only an admin may take, on purpose. */
const FOR_ADMINS = new Set(['POST /v1/auth/keys', 'DELETE /v1/auth/keys/:name']);

/** The routes below /v1 that the controllers have, as their decorators say. */
function routesOfControllers(): readonly string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.controller.ts'),
  );
  return files.flatMap((name) => {
    const text = readFileSync(join(SOURCES, name), 'utf8');
    const [, prefix = ''] = /@Controller\('?([^')]*)'?\)/.exec(text) ?? [];
    return [...text.matchAll(/@(Get|Post|Put|Patch|Delete)\((?:'([^']*)')?\)/g)].map(([, method = '', path = '']) => {
      const place = [prefix, path].filter((part) => part !== '').join('/');
      return `${method.toUpperCase()} /${place}`;
    });
  });
}

test('every route below /v1 says who may take it, and no other is named', () => {
  const routes = routesOfControllers().filter((route) => route.includes(' /v1/'));
  expect(routes.length).toBeGreaterThan(35);
  expect(routes.filter((route) => ROUTE_ROLES[route] === undefined && !FOR_ADMINS.has(route))).toEqual([]);
  expect(Object.keys(ROUTE_ROLES).filter((route) => !routes.includes(route))).toEqual([]);
});
