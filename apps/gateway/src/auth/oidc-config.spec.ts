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
  expect([...(config?.rolesOfGroups ?? [])]).toEqual([
    ['CN=Platform,OU=x', ['admin']],
    ['data', ['submitter', 'viewer', 'approver']],
  ]);
});

test.each<[string, Record<string, string>]>([
  ['http', { BATON_OIDC_ISSUER: 'http://id.example' }],
  ['no address', { BATON_OIDC_ISSUER: 'id.example' }],
  ['no role', { BATON_OIDC_ROLES: 'data=king' }],
  ['no pair', { BATON_OIDC_ROLES: 'data' }],
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
