import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { resolveHost, type Upstream } from '@baton/outbound';
import { certificatesOf } from '../set-up/certificates.js';
import { registriesOf, type SetUpSettings } from '../set-up/settings.js';
import type { AgentEnv } from './env.js';

const DEFAULT_CACHE_MB = 5_000;

/** How set-ups are made here, by the environment. */
export function setUpSettings(env: AgentEnv): SetUpSettings {
  const home = env.BATON_HOME === undefined ? null : join(env.BATON_HOME, 'setups');
  return {
    cacheDir: resolve(env.BATON_SETUP_CACHE ?? home ?? join(tmpdir(), `baton-setups-${process.getuid?.() ?? 0}`)),
    cacheMb: env.BATON_SETUP_CACHE_MB ?? DEFAULT_CACHE_MB,
    onlyHosts: env.BATON_SETUP_HOSTS ?? null,
    ownNetwork: env.BATON_SETUP_OWN_NETWORK ?? [],
    upstream: upstreamOf(env),
    registries: registriesOf(env, env.HOME),
    certificates: certificatesOf(env),
    path: env.PATH ?? '',
    resolve: resolveHost,
  };
}

/** One for all: where plain HTTP had another, a registry would still be reached by TLS. */
function upstreamOf(env: AgentEnv): Upstream | null {
  const url = env.HTTPS_PROXY ?? env.https_proxy ?? env.HTTP_PROXY ?? env.http_proxy;
  if (url === undefined || url === '') return null;
  const whole = /^[a-z]+:\/\//i.test(url) ? url : `http://${url}`;
  if (!URL.canParse(whole) || !/^https?:/i.test(whole)) return null;
  return { url: new URL(whole), noProxy: env.NO_PROXY ?? env.no_proxy ?? '' };
}
