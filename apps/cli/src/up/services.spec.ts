import { expect, test } from 'vitest';
import { launchOf } from './services.js';

const settings = (inherited: Record<string, string> = {}) => ({
  root: '/baton',
  databaseUrlOf: () => 'postgres://db',
  directUrlOf: null,
  token: 'a-token-of-this-test',
  host: '0.0.0.0',
  port: 4567,
  home: '/home',
  inherited,
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
