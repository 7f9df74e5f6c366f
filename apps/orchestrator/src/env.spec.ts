import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readOrchestratorEnv } from './env.js';

beforeEach(() => void vi.stubEnv('DATABASE_URL', 'postgres://localhost/baton'));
afterEach(() => void vi.unstubAllEnvs());

test.each(['smtp://mail', 'smtps://u:50%25off@mail:465', 'smtp://a%40b.example:p@mail'])(
  '%s is a mail server',
  (url) => {
    vi.stubEnv('BATON_SMTP_URL', url);
    expect(readOrchestratorEnv().BATON_SMTP_URL).toBe(url);
  },
);

test.each([
  ['smtp://u:50%off@mail', 'expected user and password as in any URL: % is %25, @ is %40'],
  ['smtp://50%off:p@mail', 'expected user and password as in any URL: % is %25, @ is %40'],
  ['https://mail', 'expected smtp:// or smtps://'],
  ['mail', 'expected smtp:// or smtps://'],
])('%s is refused at the start, with the reason and without the password', (url, reason) => {
  vi.stubEnv('BATON_SMTP_URL', url);
  expect(readOrchestratorEnv).toThrow(reason);
  expect(readOrchestratorEnv).not.toThrow('off');
});
