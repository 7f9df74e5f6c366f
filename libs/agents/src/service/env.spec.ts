import { existsSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAgentEnv, SHIPPED_PROMPTS } from './env.js';
import { setUpSettings } from './set-up-settings.js';

const DATABASE_URL = 'postgres://localhost/baton';

describe('the environment of an agent', () => {
  it('needs a database only', () => {
    const env = readAgentEnv('planner', { DATABASE_URL });
    expect(env).toMatchObject({ DATABASE_URL, BATON_CONCURRENCY: 4 });
    expect(env.BATON_PROMPTS_DIR).toEqual([]);
    expect(existsSync(SHIPPED_PROMPTS)).toBe(true);
    expect(() => readAgentEnv('planner', {})).toThrow('DATABASE_URL is not set.');
  });

  it('takes folders of templates, as a PATH has them', () => {
    const given = { DATABASE_URL, BATON_PROMPTS_DIR: `/a${delimiter}${delimiter}b` };
    expect(readAgentEnv('planner', given).BATON_PROMPTS_DIR).toEqual(['/a', resolve('b')]);
  });

  it('prefers the model of the agent to the model of all', () => {
    const models = { DATABASE_URL, BATON_MODEL: 'all', BATON_MODEL_PLANNER: 'own', BATON_MODEL_VALIDATOR: '' };
    expect(readAgentEnv('planner', models).BATON_MODEL).toBe('own');
    expect(readAgentEnv('validator', models).BATON_MODEL).toBe('all');
    expect(readAgentEnv('programmer', models).BATON_MODEL).toBe('all');
  });

  it('knows what belongs to models, and says what is wrong with it', () => {
    const given = { DATABASE_URL, BATON_EFFORT: 'low', BATON_EFFORT_PLANNER: 'high', BATON_MODEL_SILENCE_MS: '5000' };
    expect(readAgentEnv('planner', given)).toMatchObject({ BATON_EFFORT: 'high', BATON_MODEL_SILENCE_MS: 5000 });
    expect(readAgentEnv('advisor', given)).toMatchObject({ BATON_EFFORT: 'low' });
    const capable = { DATABASE_URL, BATON_MODEL_CAPABILITIES: '-effort,max-output=1000' };
    expect(readAgentEnv('planner', capable).BATON_MODEL_CAPABILITIES).toMatchObject({ off: ['effort'] });
    expect(() => readAgentEnv('planner', { DATABASE_URL, BATON_MODEL_CAPABILITIES: '-speed' })).toThrow('-speed');
    expect(() => readAgentEnv('planner', { DATABASE_URL, BATON_PROVIDER: 'azure' })).toThrow('BATON_PROVIDER');
  });

  it('asks those that execute code about the sandbox, and takes no answer but the two it knows', () => {
    expect(readAgentEnv('validator', { DATABASE_URL, BATON_SANDBOX: 'none' }).BATON_SANDBOX).toBe('none');
    expect(readAgentEnv('programmer', { DATABASE_URL, BATON_SANDBOX: 'bwrap' }).BATON_SANDBOX).toBe('bwrap');
    expect(readAgentEnv('planner', { DATABASE_URL, BATON_SANDBOX: 'off' })).not.toHaveProperty('BATON_SANDBOX');
    expect(() => readAgentEnv('validator', { DATABASE_URL, BATON_SANDBOX: 'off' })).toThrow(
      'BATON_SANDBOX is not valid: expected bwrap or none.',
    );
  });

  it('is told how workspaces are prepared, and says what is no host', () => {
    const given = {
      DATABASE_URL,
      BATON_HOME: '/srv/baton',
      HOME: '/nowhere',
      BATON_SETUP_HOSTS: 'registry.npmjs.org, npm.corp:4873',
      BATON_SETUP_OWN_NETWORK: 'npm.corp:4873',
      npm_config_registry: 'http://npm.corp:4873/',
      PIP_INDEX_URL: 'https://me:secret@pip.corp/simple',
      https_proxy: 'proxy.corp:3128',
      no_proxy: '.corp',
    };
    const settings = setUpSettings(readAgentEnv('programmer', given));
    expect(settings).toMatchObject({
      cacheDir: '/srv/baton/setups',
      onlyHosts: [
        { host: 'registry.npmjs.org', port: null },
        { host: 'npm.corp', port: 4873 },
      ],
      ownNetwork: [{ host: 'npm.corp', port: 4873 }],
      upstream: { url: new URL('http://proxy.corp:3128'), noProxy: '.corp' },
    });
    // A password stays here.
    expect(Object.keys(settings.registries).filter((name) => /PIP|UV/.test(name))).toEqual([]);
    expect(settings.registries).toMatchObject({ npm_config_registry: 'http://npm.corp:4873/' });
    expect(readAgentEnv('validator', { DATABASE_URL, BATON_SETUP_HOSTS: 'none' }).BATON_SETUP_HOSTS).toEqual([]);
    expect(() => readAgentEnv('validator', { DATABASE_URL, BATON_SETUP_HOSTS: 'http://x/' })).toThrow(
      'BATON_SETUP_HOSTS is not valid: expected names of hosts between commas, or none.',
    );
  });
});
