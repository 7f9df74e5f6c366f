import { type HostRule, parseHostRule, resolveHost, type Upstream } from '@baton/outbound';
import { z } from 'zod';
import { certificatesOf } from '../set-up/certificates.js';
import type { NetworkSettings } from '../set-up/settings.js';

/** Hosts between commas, each with a port where it is not the usual one. */
export const HostList = z.string().transform((text, context) => {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  const rules = (words[0] === 'none' && words.length === 1 ? [] : words).map((word) => parseHostRule(word));
  const known = rules.filter((rule) => rule !== null);
  if (known.length === rules.length) return known;
  context.issues.push({ code: 'custom', message: 'expected names of hosts between commas, or none', input: text });
  return z.NEVER;
});

const Text = z.string().optional();

/** How this machine reaches the network, and whom it trusts there. */
export const NetworkEnv = z.object({
  ...{ NODE_EXTRA_CA_CERTS: Text, SSL_CERT_FILE: Text },
  ...{ HTTPS_PROXY: Text, https_proxy: Text, HTTP_PROXY: Text, http_proxy: Text, NO_PROXY: Text, no_proxy: Text },
});
type NetworkEnv = Partial<z.output<typeof NetworkEnv>>;

/** @param ownNetwork hosts that the operator says may be on a network of this machine's own */
export const networkSettings = (env: NetworkEnv, ownNetwork: readonly HostRule[]): NetworkSettings => ({
  ownNetwork,
  upstream: upstreamOf(env),
  certificates: certificatesOf(env),
  resolve: resolveHost,
});

/** One for all: where plain HTTP had another, a registry would still be reached by TLS. */
function upstreamOf(env: NetworkEnv): Upstream | null {
  const url = env.HTTPS_PROXY ?? env.https_proxy ?? env.HTTP_PROXY ?? env.http_proxy;
  if (url === undefined || url === '') return null;
  const whole = /^[a-z]+:\/\//i.test(url) ? url : `http://${url}`;
  if (!URL.canParse(whole) || !/^https?:/i.test(whole)) return null;
  return { url: new URL(whole), noProxy: env.NO_PROXY ?? env.no_proxy ?? '' };
}
