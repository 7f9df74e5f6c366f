import { expect, test } from 'vitest';
import { z } from 'zod';
import { CountVariable, FlagVariable, PortVariable, PublicUrlVariable, readEnv, readServiceEnv } from './env.js';

const Env = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, message: 'expected a postgres:// URL' }),
  BATON_PORT: PortVariable.default(4400),
  BATON_TOKEN: z.string().min(20, 'expected at least 20 characters').optional(),
});
const DATABASE_URL = 'postgres://me:secret@db/baton';

const failureOf = (source: Record<string, string>): unknown => {
  try {
    return readEnv(Env, source);
  } catch (thrown) {
    return thrown;
  }
};

test('variables are parsed, and absent ones take their default', () => {
  expect(readEnv(Env, { DATABASE_URL, BATON_PORT: '80', OTHER: 'x' })).toEqual({ DATABASE_URL, BATON_PORT: 80 });
  expect(readEnv(Env, { DATABASE_URL })).toEqual({ DATABASE_URL, BATON_PORT: 4400 });
});

test('an empty variable counts as not set', () => {
  expect(readEnv(Env, { DATABASE_URL, BATON_PORT: '' }).BATON_PORT).toBe(4400);
  expect(failureOf({ DATABASE_URL: '' })).toMatchObject({ message: 'DATABASE_URL is not set.' });
});

test('every wrong variable is named with what was expected, and no value is shown', () => {
  const failure = failureOf({ DATABASE_URL: 'mysql://me:secret@db', BATON_PORT: '70000', BATON_TOKEN: 'too-short' });
  expect(failure).toMatchObject({
    code: 'invalid-environment',
    message:
      'DATABASE_URL is not valid: expected a postgres:// URL; BATON_PORT is not valid: expected a port number from 1 to 65535; ' +
      'BATON_TOKEN is not valid: expected at least 20 characters.',
    next: 'Set DATABASE_URL and BATON_PORT and BATON_TOKEN and start again.',
  });
  expect(String(failure)).not.toMatch(/secret|70000|too-short/);
});

test.each(['0', '65536', '-1', '80.5', '0x50', 'http'])('%s is not a port', (port) => {
  expect(PortVariable.safeParse(port).success).toBe(false);
});

test('a count is a whole number from 1', () => {
  expect(CountVariable.parse('12')).toBe(12);
  expect(CountVariable.safeParse('0').success).toBe(false);
  expect(CountVariable.safeParse('1e3').success).toBe(false);
});

test('a flag is true or false, and nothing that only may mean so', () => {
  expect(FlagVariable.parse('true')).toBe(true);
  expect(FlagVariable.parse('false')).toBe(false);
  for (const word of ['1', 'yes', 'TRUE', '']) expect(FlagVariable.safeParse(word).success).toBe(false);
});

test('a service logs at info unless told otherwise, and names a level it does not know', () => {
  expect(readServiceEnv({})).toEqual({ BATON_LOG: 'info', BATON_HEALTH_HOST: '127.0.0.1' });
  expect(() => readServiceEnv({ BATON_LOG: 'loud' })).toThrow(/^BATON_LOG is not valid: .*"info"/);
});

test('a public address is one that paths can be put behind', () => {
  expect(PublicUrlVariable.parse('https://baton.example/')).toBe('https://baton.example');
  expect(PublicUrlVariable.parse('http://10.0.0.1:4400/under//')).toBe('http://10.0.0.1:4400/under');
  for (const wrong of [
    'baton.example',
    'ftp://baton.example',
    'https://a:b@baton.example',
    'https://x/?a=b',
    'https://x/#a',
  ]) {
    expect(PublicUrlVariable.safeParse(wrong).success, wrong).toBe(false);
  }
});
