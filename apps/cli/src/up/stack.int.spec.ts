import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeEmbeddedPostgres } from '@baton/service-kit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseEnvironment } from '../environment.js';
import { localToken, prepareHome } from './home.js';
import { claimHome } from './home-owner.js';
import { parseOnly, urlOf, usualServices } from './services.js';
import { startStack } from './stack.js';
import { holdPort } from './testing/tiny-services.js';

let home: string;
beforeEach(() => {
  home = join(mkdtempSync(join(tmpdir(), 'baton-stack-')), 'home');
});
afterEach(() => {
  removeEmbeddedPostgres(join(home, 'postgres'));
  rmSync(join(home, '..'), { recursive: true, force: true });
});

const start = (port: number, interrupted = new AbortController().signal) =>
  startStack({
    env: parseEnvironment({ BATON_HOME: home, PATH: process.env.PATH }, '/'),
    services: usualServices({}),
    port,
    onNews() {},
    onJsonLine: null,
    interrupted,
    hurried: new AbortController().signal,
    nowMs: Date.now,
  });

/** What a start that was refused may leave: no owner, no database. */
const leftBehind = (): readonly string[] => readdirSync(home).filter((name) => !['logs', 'token'].includes(name));

test('a port that is taken is refused in a sentence before anything is started', async () => {
  const held = await holdPort();
  await expect(start(held.port)).rejects.toMatchObject({
    code: 'port-in-use',
    message: expect.stringMatching(new RegExp(`Port ${held.port} .* in use`)),
    next: expect.stringContaining('BATON_PORT'),
  });
  held.release();
  expect(leftBehind()).toEqual([]);
});

test('a home that is in use is refused, also when the port is taken by its own stack', async () => {
  const held = await holdPort();
  await prepareHome(home);
  const claim = claimHome(home, `http://127.0.0.1:${held.port}`);
  await expect(start(held.port)).rejects.toMatchObject({ code: 'already-running' });
  claim.release();
  held.release();
});

test('a start that is interrupted stops what it began', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 300);
  await expect(start(0, stop.signal)).rejects.toMatchObject({ code: 'interrupted' });
  expect(existsSync(join(home, 'owner.json'))).toBe(false);
  expect(existsSync(join(home, 'postgres/data/postmaster.pid'))).toBe(false);
});

test('a home that cannot be a directory is refused in a sentence', async () => {
  writeFileSync(home, 'a file');
  await expect(start(0)).rejects.toMatchObject({
    code: 'home-not-usable',
    next: expect.stringContaining('BATON_HOME'),
  });
});

test('the token is made once, is long, and only its owner can read it', async () => {
  await prepareHome(home);
  const token = await localToken(home);
  expect(await localToken(home)).toBe(token);
  expect(token).toMatch(/^baton_[\w-]{43}$/);
  expect(statSync(join(home, 'token')).mode & 0o777).toBe(0o600);
  expect(statSync(home).mode & 0o066).toBe(0);
});

test('--only takes names in any order, and the address is one this machine can reach', () => {
  expect(parseOnly('gateway, planner', {})).toEqual(['planner', 'gateway']);
  expect(parseOnly(undefined, {})).toEqual(usualServices({}));
  expect(urlOf('0.0.0.0', 4400)).toBe('http://127.0.0.1:4400');
  expect(urlOf('::1', 4400)).toBe('http://[::1]:4400');
});

test('the worker of requests over HTTP is started where hosts are named that it may ask, and nowhere else', () => {
  const named = { BATON_HTTP_HOSTS: 'api.example.com' };
  expect(parseOnly(undefined, {})).not.toContain('http');
  expect(parseOnly(undefined, { BATON_HTTP_HOSTS: ' , ' })).not.toContain('http');
  expect(parseOnly(undefined, named)).toEqual(expect.arrayContaining([...usualServices({}), 'http']));
  expect(parseOnly('http', named)).toEqual(['http']);
  expect(() => parseOnly('http,gateway', {})).toThrow('BATON_HTTP_HOSTS is not set');
});
