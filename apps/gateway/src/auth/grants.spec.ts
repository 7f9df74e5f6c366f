import { expect, test } from 'vitest';
import { type Grant, grantedOn, mergedGrants } from './grants.js';

const red = { labels: { team: 'red' } };
const blue = { labels: { team: 'blue' } };
const on = (route: string, ...grants: readonly Grant[]) => {
  const [method = '', path = ''] = route.split(' ');
  return grantedOn(mergedGrants(grants), method, path);
};
const APPROVE = 'POST /v1/approvals/:id/decision';

test('a role for all runs needs no scope beside it', () => {
  const grants: readonly Grant[] = [
    { roles: ['approver'], scope: red },
    { roles: ['viewer'], scope: null },
  ];
  expect(on('GET /v1/runs', ...grants)).toEqual({ roles: ['viewer'], scopes: null });
  expect(on(APPROVE, ...grants)).toEqual({ roles: ['viewer', 'approver'], scopes: [red] });
  expect(on('POST /v1/runs', ...grants)).toBeNull();
});

test('groups of the same scope are one, in whatever order it is written', () => {
  const workflows = ['a'];
  const grants: readonly Grant[] = [
    { roles: ['viewer'], scope: { ...red, workflows } },
    { roles: ['submitter'], scope: { workflows, ...red } },
  ];
  expect(mergedGrants(grants)).toEqual([{ roles: ['viewer', 'submitter'], scope: { ...red, workflows } }]);
});

test('several scopes hold one beside the other, with the roles that they have in common', () => {
  const grants: readonly Grant[] = [
    { roles: ['approver', 'operator'], scope: red },
    { roles: ['approver', 'viewer'], scope: blue },
  ];
  expect(on('GET /v1/runs', ...grants)).toEqual({ roles: ['approver'], scopes: [red, blue] });
  expect(on(APPROVE, ...grants)).toEqual({ roles: ['approver'], scopes: [red, blue] });
  expect(on('POST /v1/runs/:id/cancel', ...grants)).toEqual({ roles: ['approver', 'operator'], scopes: [red] });
});

test('whoever has nothing may do nothing', () => {
  expect(on('GET /v1/runs')).toBeNull();
  expect(on('GET /v1/runs', { roles: [], scope: null })).toBeNull();
});
