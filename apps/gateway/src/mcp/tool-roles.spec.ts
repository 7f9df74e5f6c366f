import { Role } from '@baton/contracts';
import { ALL_TOOLS } from '@baton/mcp';
import { expect, test } from 'vitest';
import { mayTake, ROUTE_ROLES } from '../auth/route-roles.js';

test.each(ALL_TOOLS)('$name is offered to those who may take $route', ({ route, roles }) => {
  expect(Object.keys(ROUTE_ROLES)).toContain(route);
  const [method = '', path = ''] = route.split(' ');
  const may = Role.options.filter((role) => role !== 'admin' && mayTake([role], method, path));
  expect([...roles].sort()).toEqual([...may].sort());
});
