import { connect, type Socket } from 'node:net';
import { toError } from '@baton/contracts';
import { operatorsKindOf, privateKindOf } from '../address-policy.js';
import { allowedAddresses, type Resolve, TargetRefused } from '../allowed-addresses.js';
import { type HostRule, isAllowed, type Target, type Way } from './host-rules.js';
import type { Ledger } from './ledger.js';
import { goesUpstream, type Upstream } from './upstream.js';

/** What may be reached through a proxy. */
export interface ProxyPolicy {
  readonly allowed: readonly HostRule[];
  /** Hosts that the operator says may be on a network of this machine's own; link-local addresses stay refused. */
  readonly ownNetwork: readonly HostRule[];
  readonly resolve: Resolve;
  /** Null: the machine reaches the network by itself. */
  readonly upstream: Upstream | null;
  /** In both directions together. */
  readonly maxBytes: number;
}

/** How a target is reached, or why not. */
export type Reach =
  | { readonly type: 'direct'; readonly addresses: readonly string[] }
  | { readonly type: 'upstream'; readonly upstream: Upstream }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'unreachable'; readonly reason: string };

/** Looks a target up. What is connected to is what was looked at here: a name is not looked up twice. */
export async function reachOf(target: Target, way: Way, policy: ProxyPolicy, ledger: Ledger): Promise<Reach> {
  if (!isAllowed(policy.allowed, target, way)) return { type: 'refused', reason: 'it is not on the list of hosts' };
  if (ledger.totalBytes() > policy.maxBytes) return { type: 'refused', reason: tooMuch(policy.maxBytes) };
  const refusalOf = isAllowed(policy.ownNetwork, target, way) ? operatorsKindOf : privateKindOf;
  const upstream = policy.upstream !== null && goesUpstream(policy.upstream, target) ? policy.upstream : null;
  try {
    const addresses = await allowedAddresses(target.host, { refusalOf, resolve: policy.resolve });
    if (upstream !== null) return { type: 'upstream', upstream };
    return { type: 'direct', addresses: addresses.map(({ address }) => address) };
  } catch (thrown) {
    const error = toError(thrown);
    if (error instanceof TargetRefused) return { type: 'refused', reason: `it ${error.message}` };
    // Behind a proxy names of the world are often known to that one alone.
    if (upstream !== null) return { type: 'upstream', upstream };
    return { type: 'unreachable', reason: 'its name cannot be found' };
  }
}

export const tooMuch = (maxBytes: number): string => `more than ${Math.round(maxBytes / 2 ** 20)} MB went through`;

const CONNECT_MS = 20_000;

/** Connects to the first address that answers. Rejects with the error of the last. */
export async function connectTo(addresses: readonly string[], port: number, timeoutMs = CONNECT_MS): Promise<Socket> {
  let last = new Error('it has no address');
  for (const host of addresses) {
    try {
      return await connected(host, port, timeoutMs);
    } catch (thrown) {
      last = toError(thrown);
    }
  }
  throw last;
}

const connected = (host: string, port: number, timeoutMs: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const timer = setTimeout(() => socket.destroy(new Error(`it did not answer within ${timeoutMs} ms`)), timeoutMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
