import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { toError } from '@baton/contracts';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Every address of a host. Rejects when there is none. */
export type Resolve = (host: string) => Promise<readonly ResolvedAddress[]>;

/** As the machine resolves names: with its hosts file and its order of addresses. */
export const resolveHost: Resolve = (host) => lookup(host, { all: true });

/** Which addresses may be connected to. */
export interface AddressPolicy {
  /** Why an address may not, in words for people; null where it may. */
  readonly refusalOf: (address: string) => string | null;
  readonly resolve: Resolve;
}

/** A target that is refused; `message` is a clause about it, without a full stop. */
export class TargetRefused extends Error {}

/**
 * The addresses of a URL's host, all of which may be connected to.
 *
 * @throws TargetRefused when one of them may not, since it would depend on luck which one is taken; what `resolve` throws
 */
export async function allowedAddresses(
  host: string,
  { refusalOf, resolve }: AddressPolicy,
): Promise<readonly ResolvedAddress[]> {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(bare);
  const addresses = family === 0 ? await resolve(bare) : [{ address: bare, family }];
  for (const { address } of addresses) {
    const kind = refusalOf(address);
    if (kind === null) continue;
    throw new TargetRefused(family === 0 ? `leads to ${address}, which is ${kind}` : `is ${kind}`);
  }
  return addresses;
}

/**
 * The lookup of a request: what it connects to is what the policy allowed, and the name is not looked up twice. Node asks
 * it for names only, so an address that stands in the URL itself has to be checked before.
 */
export const pinnedLookup =
  (policy: AddressPolicy): LookupFunction =>
  (host, { all }, done) => {
    allowedAddresses(host, policy).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined) done(new Error(`${host} has no address`), '', 0);
        else if (all === true) done(null, [...addresses]);
        else done(null, first.address, first.family);
      },
      (thrown: unknown) => done(toError(thrown), '', 0),
    );
  };
