import { expect, test } from 'vitest';
import { checkTls } from './tls-check.js';

test('people who come by TLS to a proxy that nobody trusts are a warning', () => {
  const all = { BATON_PUBLIC_URL: 'https://baton.example' };
  expect(checkTls({ all })).toMatchObject([{ status: 'warn', next: expect.stringContaining('BATON_TRUSTED_PROXIES') }]);
  expect(checkTls({ all: { ...all, BATON_TRUSTED_PROXIES: '10.0.0.7' } })).toMatchObject([{ status: 'ok' }]);
  expect(checkTls({ all: { BATON_PUBLIC_URL: 'http://127.0.0.1:4400' } })).toEqual([]);
  expect(checkTls({ all: {} })).toEqual([]);
});
