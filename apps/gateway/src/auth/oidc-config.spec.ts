import { expect, test } from 'vitest';
import { isOidcWhole, OidcVariables, oidcConfigOf } from './oidc-config.js';

const read = (variables: Record<string, string>) => OidcVariables.safeParse(variables);
const WHOLE = {
  BATON_OIDC_ISSUER: 'https://id.example',
  BATON_OIDC_AUDIENCE: 'baton',
  BATON_OIDC_ROLES: 'CN=Platform,OU=x=admin; data = submitter+viewer;data=approver',
};

test('groups get the roles that they are mapped to, and may have commas and equal signs in their names', () => {
  const config = oidcConfigOf(OidcVariables.parse(WHOLE));
  expect([...(config?.grantsOfGroups ?? [])]).toEqual([
    ['CN=Platform,OU=x', [{ roles: ['admin'], scope: null }]],
    [
      'data',
      [
        { roles: ['submitter', 'viewer'], scope: null },
        { roles: ['approver'], scope: null },
      ],
    ],
  ]);
});

test.each([
  ['red=viewer[label=team=red]', ['viewer'], { labels: { team: 'red' } }],
  ['CN=Red,OU=x = submitter + viewer [own]', ['submitter', 'viewer'], { own: true }],
  ['a=operator[workflow=x, workflow=y-z]', ['operator'], { workflows: ['x', 'y-z'] }],
  ['a=viewer[label=team=red,label=a=b=c,own]', ['viewer'], { labels: { team: 'red', a: 'b=c' }, own: true }],
  ['a=viewer[label=team=]', ['viewer'], { labels: { team: '' } }],
])('a group may have its roles for certain runs alone: %s', (text, roles, scope) => {
  const config = oidcConfigOf(OidcVariables.parse({ ...WHOLE, BATON_OIDC_ROLES: text }));
  expect([...(config?.grantsOfGroups ?? new Map()).values()]).toEqual([[{ roles, scope }]]);
});

test.each<[string, Record<string, string>]>([
  ['http', { BATON_OIDC_ISSUER: 'http://id.example' }],
  ['no address', { BATON_OIDC_ISSUER: 'id.example' }],
  ['no role', { BATON_OIDC_ROLES: 'data=king' }],
  ['no pair', { BATON_OIDC_ROLES: 'data' }],
  ['no group', { BATON_OIDC_ROLES: '=viewer' }],
  ['a scope of nothing', { BATON_OIDC_ROLES: 'data=viewer[]' }],
  ['a scope of another kind', { BATON_OIDC_ROLES: 'data=viewer[team=red]' }],
  ['a workflow that cannot be', { BATON_OIDC_ROLES: 'data=viewer[workflow=No Such]' }],
  ['a label twice', { BATON_OIDC_ROLES: 'data=viewer[label=a=1,label=a=2]' }],
  ['a scope that does not end', { BATON_OIDC_ROLES: 'data=viewer[own' }],
  ['a secret for all', { BATON_OIDC_ALGORITHMS: 'RS256,HS256' }],
  ['no signature', { BATON_OIDC_ALGORITHMS: 'none' }],
  ['a day', { BATON_OIDC_CLOCK_TOLERANCE_S: '86400' }],
])('%s is refused at the start', (_, variables) => {
  expect(read({ ...WHOLE, ...variables }).success).toBe(false);
});

test('an issuer without an audience or roles is not whole, and none at all is', () => {
  expect(isOidcWhole(OidcVariables.parse({ BATON_OIDC_ISSUER: 'https://id.example' }))).toBe(false);
  expect(isOidcWhole(OidcVariables.parse({}))).toBe(true);
  expect(oidcConfigOf(OidcVariables.parse({}))).toBeNull();
});
