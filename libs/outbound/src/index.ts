export { privateKindOf } from './address-policy.js';
export {
  type AddressPolicy,
  allowedAddresses,
  pinnedLookup,
  type Resolve,
  resolveHost,
  TargetRefused,
} from './allowed-addresses.js';
