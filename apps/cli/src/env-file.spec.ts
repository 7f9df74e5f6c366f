import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { envFileOf, formatEnvFile, parseEnvFile, readEnvFile, withoutOwnDatabase, writeEnvFile } from './env-file.js';
import { parseEnvironment, ROOT } from './environment.js';
import { findConnection } from './gateway/connection.js';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'baton-env-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const values = {
  DATABASE_URL: `postgres://u:p'w$(id) "x"@127.0.0.1:5432/baton`,
  BATON_URL: 'http://127.0.0.1:4400',
  BATON_TOKEN: 'baton_local',
};

describe('the env file', () => {
  test('gives a shell that sources it the very values', async () => {
    await writeEnvFile(home, values, true);
    const out = execFileSync('sh', ['-c', `. "$1"; printf %s "$DATABASE_URL"`, 'sh', envFileOf(home)], {
      encoding: 'utf8',
    });
    expect(out).toBe(values.DATABASE_URL);
  });
  test('reads back as it was written', () => {
    expect(parseEnvFile(formatEnvFile(values, false, '/b'))).toEqual(values);
    expect(parseEnvFile('BATON_URL=x\nexport rm -rf\n')).toEqual({});
  });
  test('is readable by its owner only', async () => {
    await writeEnvFile(home, values, true);
    expect(statSync(envFileOf(home)).mode & 0o777).toBe(0o600);
  });
  test('that does not exist is empty', async () => {
    expect(await readEnvFile(join(home, 'nowhere'))).toEqual({});
  });
});

describe('a shell that has sourced the env file', () => {
  const sourced = (DATABASE_URL: string) =>
    withoutOwnDatabase(parseEnvironment({ BATON_HOME: home, DATABASE_URL }, '/'));
  const url = (password: string, port: number) => `postgres://postgres:${password}@127.0.0.1:${port}/baton`;

  test('starts the embedded database again, also when its port has changed', async () => {
    await writeEnvFile(home, { ...values, DATABASE_URL: url('generated', 5001) }, true);
    for (const port of [5001, 5002]) {
      const env = await sourced(url('generated', port));
      expect([env.DATABASE_URL, env.all.DATABASE_URL]).toEqual([undefined, undefined]);
    }
  });
  test('keeps a database of its own', async () => {
    await writeEnvFile(home, { ...values, DATABASE_URL: url('generated', 5001) }, true);
    expect((await sourced(url('other', 5001))).DATABASE_URL).toBe(url('other', 5001));
    await writeEnvFile(home, { ...values, DATABASE_URL: url('generated', 5001) }, false);
    expect((await sourced(url('generated', 5001))).DATABASE_URL).toBe(url('generated', 5001));
  });
});

describe('the environment', () => {
  test('takes an empty variable for one that is not set', () => {
    expect(parseEnvironment({ BATON_PORT: '', DATABASE_URL: '' }, '/')).toMatchObject({
      BATON_HOST: '127.0.0.1',
      home: join(ROOT, '.baton'),
    });
  });
  test('names the variable that is wrong', () => {
    expect(() => parseEnvironment({ BATON_PORT: 'many' }, '/')).toThrow(/BATON_PORT/);
    expect(() => parseEnvironment({ BATON_PORT: '70000' }, '/')).toThrow(/BATON_PORT/);
    expect(() => parseEnvironment({ BATON_URL: 'ftp://x' }, '/')).toThrow(/BATON_URL/);
  });
  test('resolves paths from where the user stood when npm changed to the root', () => {
    expect(parseEnvironment({ INIT_CWD: '/somewhere' }, ROOT).workingDirectory).toBe('/somewhere');
    expect(parseEnvironment({ INIT_CWD: '/somewhere' }, '/else').workingDirectory).toBe('/else');
    expect(parseEnvironment({ BATON_HOME: 'data' }, '/else').home).toBe('/else/data');
  });
});

describe('the connection', () => {
  const connect = (variables: Record<string, string>) =>
    findConnection(parseEnvironment({ BATON_HOME: home, ...variables }, '/'));
  test('is what up wrote', async () => {
    await writeEnvFile(home, values, true);
    expect(await connect({})).toEqual({ url: 'http://127.0.0.1:4400', token: 'baton_local' });
  });
  test('never takes the local token to another server', async () => {
    await writeEnvFile(home, values, true);
    expect(await connect({ BATON_URL: 'https://elsewhere.example' })).toEqual({
      url: 'https://elsewhere.example',
      token: null,
    });
    expect(await connect({ BATON_URL: 'http://127.0.0.1:4400/' })).toEqual({
      url: 'http://127.0.0.1:4400',
      token: 'baton_local',
    });
  });
  test('is the variables where they are set', async () => {
    expect(await connect({ BATON_URL: 'http://a.example', BATON_TOKEN: 't' })).toEqual({
      url: 'http://a.example',
      token: 't',
    });
  });
});
