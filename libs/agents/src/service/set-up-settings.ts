import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { registriesOf, type SetUpSettings } from '../set-up/settings.js';
import type { AgentEnv } from './env.js';
import { networkSettings } from './network-env.js';

const DEFAULT_CACHE_MB = 5_000;

/** How set-ups are made here, by the environment. */
export function setUpSettings(env: AgentEnv): SetUpSettings {
  const home = env.BATON_HOME === undefined ? null : join(env.BATON_HOME, 'setups');
  return {
    cacheDir: resolve(env.BATON_SETUP_CACHE ?? home ?? join(tmpdir(), `baton-setups-${process.getuid?.() ?? 0}`)),
    cacheMb: env.BATON_SETUP_CACHE_MB ?? DEFAULT_CACHE_MB,
    onlyHosts: env.BATON_SETUP_HOSTS ?? null,
    ...networkSettings(env, env.BATON_SETUP_OWN_NETWORK ?? []),
    registries: registriesOf(env, env.HOME),
    path: env.PATH ?? '',
  };
}
