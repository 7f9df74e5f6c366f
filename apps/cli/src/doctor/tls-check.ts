import type { Environment } from '../environment.js';
import { type Finding, ok, warn } from './finding.js';

/** Whether the gateway can tell that browsers come by TLS, as far as its settings say; nothing where they do not. */
export function checkTls({ all }: Pick<Environment, 'all'>): readonly Finding[] {
  const check = 'cookies';
  const url = all.BATON_PUBLIC_URL;
  if (url?.startsWith('https:') !== true) return [];
  if ((all.BATON_TRUSTED_PROXIES ?? '').trim() !== '') return [ok(check, 'Secure where the proxy says so')];
  const found = `without Secure: people come to ${url}, and no proxy is trusted to say so`;
  return [warn(check, found, 'Name the proxy in front of the gateway in BATON_TRUSTED_PROXIES.')];
}
