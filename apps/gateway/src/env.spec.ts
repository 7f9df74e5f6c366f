import { afterEach, expect, test, vi } from 'vitest';
import { readGatewayEnv } from './env.js';

afterEach(() => vi.unstubAllEnvs());

const given = (variables: Record<string, string>): void => {
  vi.stubEnv('DATABASE_URL', 'postgres://localhost/baton');
  for (const name of [
    'BATON_TOKEN',
    'BATON_OIDC_ISSUER',
    'BATON_OIDC_AUDIENCE',
    'BATON_OIDC_ROLES',
    'BATON_OIDC_CLIENT_ID',
  ])
    vi.stubEnv(name, '');
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
};

test.each(['127.0.0.1', '0.0.0.0', '::', '192.0.2.1'])(
  'without a token nothing is served, on %s or anywhere',
  (host) => {
    given({ BATON_HOST: host });
    expect(readGatewayEnv).toThrow(/BATON_TOKEN is not set/);
  },
);

test.each(['short', 'with a space in it, and long enough'])('a token that is none is refused: %s', (token) => {
  given({ BATON_TOKEN: token });
  expect(readGatewayEnv).toThrow(/BATON_TOKEN is not valid/);
});

test('an identity provider does not stand for the token, and is refused where it is not whole', () => {
  const oidc = { BATON_OIDC_ISSUER: 'https://id.example', BATON_OIDC_AUDIENCE: 'baton' };
  given({ ...oidc, BATON_OIDC_ROLES: 'a=admin' });
  expect(readGatewayEnv).toThrow(/BATON_TOKEN is not set/);
  given({ ...oidc, BATON_TOKEN: 'a-token-that-is-long-enough' });
  expect(readGatewayEnv).toThrow(/BATON_OIDC_ROLES is not/);
});

test('people are led to an identity provider that is named, and for a token that says who they are', () => {
  const token = { BATON_TOKEN: 'a-token-that-is-long-enough' };
  given({ ...token, BATON_OIDC_CLIENT_ID: 'baton' });
  expect(readGatewayEnv).toThrow(/BATON_OIDC_ISSUER is not/);
  given({ ...token, BATON_OIDC_SCOPES: 'profile email' });
  expect(readGatewayEnv).toThrow(/BATON_OIDC_SCOPES is not valid/);
});

test('the dashboard that is served is the one that was built beside the gateway', () => {
  given({ BATON_TOKEN: 'a-token-that-is-long-enough' });
  expect(readGatewayEnv().BATON_WEB).toMatch(/\/apps\/web\/dist\/page$/);
});
