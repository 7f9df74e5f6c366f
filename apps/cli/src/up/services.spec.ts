import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { secretVariables } from './request-secrets.js';
import { launchOf } from './services.js';

const settings = (inherited: Record<string, string> = {}) => ({
  root: '/baton',
  databaseUrlOf: (login: string) => `postgres://${login}@db`,
  directUrlOf: null,
  token: 'a-token-of-this-test',
  host: '0.0.0.0',
  port: 4567,
  home: '/home',
  inherited,
  secretVariables: async () => [],
});

test('deployments may write to a folder of the home, unless another one is named', async () => {
  const env = async (name: 'deployer' | 'programmer', inherited?: Record<string, string>) =>
    (await launchOf(name, settings(inherited))).env.BATON_DEPLOY_DIR;
  expect(await env('deployer')).toBe('/home/deployed');
  expect(await env('deployer', { BATON_DEPLOY_DIR: '/srv/www' })).toBe('/srv/www');
  expect(await env('programmer', { BATON_DEPLOY_DIR: '/srv/www' })).toBeUndefined();
});

test('links in webhooks lead to the gateway, or where the public address was set to', async () => {
  const env = async (inherited?: Record<string, string>) =>
    (await launchOf('orchestrator', settings(inherited))).env.BATON_PUBLIC_URL;
  expect(await env()).toBe('http://127.0.0.1:4567');
  expect(await env({ BATON_PUBLIC_URL: '' })).toBe('http://127.0.0.1:4567');
  expect(await env({ BATON_PUBLIC_URL: 'https://baton.example' })).toBe('https://baton.example');
});

test('the worker of requests over HTTP has the login of workers of users, and the variables that its file of secrets names', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'secrets.json');
  const hosts = ['api.example.com'];
  writeFileSync(file, JSON.stringify({ shop: { env: 'SHOP_KEY', hosts }, own: { value: 'x'.repeat(20), hosts } }));
  const shell = {
    BATON_HTTP_HOSTS: 'api.example.com',
    BATON_HTTP_SECRETS: file,
    SHOP_KEY: 'secret',
    OTHER_KEY: 'secret',
  };
  const given = { ...settings(shell), secretVariables: await secretVariables(shell) };
  const { env } = await launchOf('http', given);
  expect(env).toMatchObject({ DATABASE_URL: 'postgres://worker@db', SHOP_KEY: 'secret', BATON_HTTP_SECRETS: file });
  expect(env).not.toHaveProperty('OTHER_KEY');
  expect((await launchOf('deployer', given)).env).not.toHaveProperty('SHOP_KEY');
  // Whoever edits the file while the stack runs makes no secret known by that.
  const edited = { ...given, inherited: { ...shell, BATON_NEW_KEY: 'secret' } };
  writeFileSync(file, JSON.stringify({ new: { env: 'BATON_NEW_KEY', hosts } }));
  expect((await launchOf('deployer', edited)).env).not.toHaveProperty('BATON_NEW_KEY');
  writeFileSync(file, 'no JSON');
  expect((await launchOf('deployer', edited)).env).not.toHaveProperty('BATON_NEW_KEY');
  expect((await launchOf('http', edited)).env).toMatchObject({ SHOP_KEY: 'secret', BATON_NEW_KEY: 'secret' });
});

test.each(['{"shop": "hidden"', '{"shop": "hidden"}', null])(
  'a stack whose file of secrets is %j is refused: nobody knows which variables are secrets',
  async (text) => {
    const folder = mkdtempSync(join(tmpdir(), 'baton-secrets-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'secrets.json');
    if (text !== null) writeFileSync(file, text);
    const refused = await secretVariables({ BATON_HTTP_SECRETS: file }).catch(String);
    expect(refused).toContain('BATON_HTTP_SECRETS');
    expect(refused).not.toContain('hidden');
  },
);
