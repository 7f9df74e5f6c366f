export { foreignKindOf, privateKindOf } from './address-policy.js';
export {
  type AddressPolicy,
  allowedAddresses,
  pinnedLookup,
  type Resolve,
  resolveHost,
  TargetRefused,
} from './allowed-addresses.js';
export { type HostRule, isAllowed, parseHostRule, rulesWithin } from './proxy/host-rules.js';
export type { ProxyReport } from './proxy/ledger.js';
export { openProxy } from './proxy/proxy.js';
export type { Upstream } from './proxy/upstream.js';
