import { describe, expect, test } from 'vitest';
import { inheritedBy as inherited } from './service-env.js';
import { allServices } from './services.js';

const SHELL = {
  PATH: '/bin',
  HOME: '/root',
  NODE_OPTIONS: '--max-old-space-size=100',
  https_proxy: 'http://proxy',
  BATON_LOG: 'debug',
  BATON_MODEL_PLANNER: 'offline',
  BATON_TOKEN: 'secret',
  BATON_LOGIN_PLANNER: 'secret',
  DATABASE_URL: 'postgres://owner:secret@host/db',
  BATON_DATABASE_DIRECT_URL: 'postgres://owner:secret@other/db',
  REDIS_URL: 'redis://host',
  ANTHROPIC_API_KEY: 'secret',
  ANTHROPIC_BASE_URL: 'http://model',
  AWS_SECRET_ACCESS_KEY: 'secret',
  GITHUB_TOKEN: 'secret',
  PGPASSWORD: 'secret',
  SSH_AUTH_SOCK: '/tmp/agent',
};
const inheritedBy = (name: string, all: Readonly<Record<string, string>>, ofRequests: readonly string[] = []) =>
  inherited(name, all, ofRequests);
const COMMON = ['BATON_LOG', 'BATON_MODEL_PLANNER', 'HOME', 'NODE_OPTIONS', 'PATH', 'REDIS_URL', 'https_proxy'];

describe.each(allServices())('%s', (name) => {
  test('inherits no key that it does not need', () => {
    const isAgent = !['gateway', 'orchestrator', 'deployer', 'http'].includes(name);
    const expected = [...COMMON, ...(isAgent ? ['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL'] : [])];
    expect(Object.keys(inheritedBy(name, SHELL)).sort()).toEqual(expected.sort());
  });

  test.each([
    ['bedrock', ['AWS_SECRET_ACCESS_KEY']],
    ['openai', ['OPENAI_API_KEY']],
    ['vertex', ['GOOGLE_APPLICATION_CREDENTIALS']],
  ])('inherits the keys of the provider %s and of no other', (provider, keys) => {
    const all = { OPENAI_API_KEY: 'k', GOOGLE_APPLICATION_CREDENTIALS: '/key.json', BATON_PROVIDER: provider };
    const isAgent = !['gateway', 'orchestrator', 'deployer', 'http'].includes(name);
    const expected = [...COMMON, 'BATON_PROVIDER', ...(isAgent ? keys : [])];
    expect(Object.keys(inheritedBy(name, { ...SHELL, ...all })).sort()).toEqual(expected.sort());
  });

  test('has of what the operator keeps for deployments only what is the deployer’s', () => {
    const storage = { BATON_S3_BUCKETS: 'lists', BATON_S3_SECRET_ACCESS_KEY: 'secret' };
    const deploys = { BATON_DEPLOY_ENV: 'GITHUB_TOKEN,SITE_KEY', BATON_DEPLOY_DIR: '/srv/www', SITE_KEY: 'secret' };
    const kept = { ...deploys, ...storage };
    const names = Object.keys(inheritedBy(name, { ...SHELL, ...kept }));
    const own = [...Object.keys(storage), 'BATON_DEPLOY_DIR', 'BATON_DEPLOY_ENV', 'GITHUB_TOKEN', 'SITE_KEY'].sort();
    expect(names.filter((variable) => own.includes(variable)).sort()).toEqual(name === 'deployer' ? own : []);
  });

  test('sends its traces where all do, under its own name', () => {
    const otel = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector', OTEL_SERVICE_NAME: 'all-of-it' };
    expect(inheritedBy(name, otel)).toEqual({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector' });
  });

  test('knows by what Baton is known to the identity provider where it is the gateway', () => {
    const oidc = { BATON_OIDC_CLIENT_ID: 'baton', BATON_OIDC_CLIENT_SECRET: 'secret' };
    const known = Object.keys(inheritedBy(name, oidc));
    expect(known.includes('BATON_OIDC_CLIENT_SECRET')).toBe(name === 'gateway');
  });

  test('knows the registries of this machine where it prepares workspaces, and elsewhere not', () => {
    const registries = {
      npm_config_registry: 'https://npm.corp',
      PIP_INDEX_URL: 'https://pip.corp',
      npm_config_token: 's',
    };
    const isPreparing = ['validator', 'programmer', 'tester', 'prompt'].includes(name);
    const known = Object.keys(inheritedBy(name, registries));
    expect(known.sort()).toEqual(isPreparing ? ['PIP_INDEX_URL', 'npm_config_registry'] : []);
  });
});

test('how people are told, and with which secrets, the orchestrator alone knows', () => {
  const all = { BATON_SMTP_URL: 'smtp://a:b@mail', BATON_SMTP_FROM: 'a@b', BATON_NOTIFY_TEAM: 'https://hooks/x' };
  expect(inheritedBy('orchestrator', all)).toEqual(all);
  for (const name of ['gateway', 'planner', 'programmer', 'deployer']) expect(inheritedBy(name, all)).toEqual({});
});

test('whom the worker of baton:http may ask, where its secrets are and what they are, it alone is told', () => {
  const settings = { BATON_HTTP_HOSTS: 'api.example.com', BATON_HTTP_SECRETS: '/etc/secrets.json' };
  const secrets = { SHOP_API_KEY: 'secret', BATON_SHOP_KEY: 'secret' };
  const all = { ...settings, ...secrets, BATON_LOG: 'info', OTHER_KEY: 'secret' };
  for (const name of allServices()) {
    const own = name === 'http' ? { ...settings, ...secrets } : {};
    expect(inheritedBy(name, all, Object.keys(secrets)), name).toEqual({ ...own, BATON_LOG: 'info' });
  }
});

test.each(['NODE_AUTH_TOKEN', 'OTEL_EXPORTER_OTLP_HEADERS', 'PIP_INDEX_URL', 'BATON_SHOP_KEY', 'AWS_SHOP_KEY'])(
  'a secret of requests goes to the worker that sends them alone, also where it is called %s',
  (secret) => {
    const all = { [secret]: 'secret', PATH: '/bin' };
    for (const name of allServices()) {
      expect(inheritedBy(name, all, [secret]), name).toEqual(name === 'http' ? all : { PATH: '/bin' });
    }
  },
);

test('what a service is given for a purpose of its own it has, also where requests show the same', () => {
  const all = { ANTHROPIC_API_KEY: 'secret', SITE_KEY: 'secret', BATON_DEPLOY_ENV: 'SITE_KEY' };
  const secrets = ['ANTHROPIC_API_KEY', 'SITE_KEY'];
  const has = (name: string) => secrets.filter((secret) => Object.hasOwn(inheritedBy(name, all, secrets), secret));
  expect(has('programmer')).toEqual(['ANTHROPIC_API_KEY']);
  expect(has('deployer')).toEqual(['SITE_KEY']);
  expect([has('http'), has('validator'), has('gateway')]).toEqual([secrets, has('programmer'), []]);
});
