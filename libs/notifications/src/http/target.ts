import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { toError } from '@baton/contracts';
import { privateKindOf } from './address-policy.js';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Every address of a host. Rejects when there is none. */
export type Resolve = (host: string) => Promise<readonly ResolvedAddress[]>;

/** As the machine resolves names: with its hosts file and its order of addresses. */
export const resolveHost: Resolve = (host) => lookup(host, { all: true });

/** Where requests may go. */
export interface TargetPolicy {
  /** Private addresses and plain http are allowed, too. */
  readonly allowPrivate: boolean;
  readonly resolve: Resolve;
}

/** A target that is refused; `message` is a clause about it, without a full stop. */
export class TargetRefused extends Error {}

/** Throws TargetRefused unless requests may go to URLs of this form. */
export function refuseUnlessAllowed(url: URL, { allowPrivate }: Pick<TargetPolicy, 'allowPrivate'>): void {
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) {
    throw new TargetRefused(allowPrivate ? 'must begin with https:// or http://' : 'must begin with https://');
  }
  // They would stand in lists and logs for everybody to see.
  if (url.username !== '' || url.password !== '') throw new TargetRefused('must not hold a user name or a password');
}

/**
 * The addresses of a URL's host, all of which may be connected to.
 *
 * @throws TargetRefused when one of them may not, since it would depend on luck which one is taken; what `resolve` throws
 */
export async function allowedAddresses(host: string, policy: TargetPolicy): Promise<readonly ResolvedAddress[]> {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(bare);
  const addresses = family === 0 ? await policy.resolve(bare) : [{ address: bare, family }];
  if (policy.allowPrivate) return addresses;
  for (const { address } of addresses) {
    const kind = privateKindOf(address);
    if (kind === null) continue;
    throw new TargetRefused(family === 0 ? `leads to ${address}, which is ${kind}` : `is ${kind}`);
  }
  return addresses;
}

/** The URL that a webhook is set to, or why it is refused: a clause about the URL. */
export type CheckedTarget =
  | { readonly status: 'allowed'; readonly url: string }
  | { readonly status: 'refused'; readonly reason: string };

/** Looks at a URL before it is stored. What is checked here is checked again for each connection. */
export async function checkTarget(text: string, policy: TargetPolicy): Promise<CheckedTarget> {
  const refused = (reason: string): CheckedTarget => ({ status: 'refused', reason });
  if (!URL.canParse(text)) return refused('is not a URL');
  const url = new URL(text);
  url.hash = '';
  try {
    refuseUnlessAllowed(url, policy);
    // The host may be one that starts later; only where its address matters must it have one now.
    if (!policy.allowPrivate) await allowedAddresses(url.hostname, policy);
  } catch (thrown) {
    const error = toError(thrown);
    if (error instanceof TargetRefused) return refused(error.message);
    if ('syscall' in error) return refused(`names a host that cannot be found: ${error.message}`);
    throw thrown;
  }
  return { status: 'allowed', url: url.href };
}
