import ipaddr from 'ipaddr.js';

const { IPv6 } = ipaddr;

/** All that is routed as IPv6 today; the rest of the space is reserved, or means an address of another kind. */
const GLOBAL_UNICAST_V6 = IPv6.parseCIDR('2000::/3');
/** Addresses in public space that answer from inside a cloud: the wire server of Azure. */
const INSIDE_CLOUDS: ReadonlySet<string> = new Set(['168.63.129.16']);

/** The kinds of address that are refused, in words for people. */
const IN_WORDS: Readonly<Record<string, string>> = {
  unspecified: 'the unspecified address',
  broadcast: 'a broadcast address',
  multicast: 'a multicast address',
  linkLocal: 'a link-local address',
  loopback: 'a loopback address',
  carrierGradeNat: 'an address of a carrier-grade NAT',
  private: 'a private address',
  uniqueLocal: 'a unique local address',
};
const RESERVED = 'a reserved address';
const INSIDE_CLOUD = 'an address of a cloud’s inside';

/**
 * What kind of address that is not public this is, in words; null for a public one. An IPv6 address that holds an IPv4
 * address (mapped, NAT64, 6to4, Teredo) is never public: who connects to it may reach the one inside.
 */
export function privateKindOf(address: string): string | null {
  if (!ipaddr.isValid(address)) return RESERVED;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof IPv6) {
    if (parsed.isIPv4MappedAddress()) return privateKindOf(parsed.toIPv4Address().toString()) ?? RESERVED;
    const range = parsed.range();
    if (range !== 'unicast') return IN_WORDS[range] ?? RESERVED;
    return parsed.match(GLOBAL_UNICAST_V6) ? null : RESERVED;
  }
  if (INSIDE_CLOUDS.has(parsed.toString())) return INSIDE_CLOUD;
  const range = parsed.range();
  return range === 'unicast' ? null : (IN_WORDS[range] ?? RESERVED);
}

/** The kinds that a network of one's own is made of. */
const OWN_NETWORK: readonly (string | undefined)[] = [
  IN_WORDS.loopback,
  IN_WORDS.private,
  IN_WORDS.uniqueLocal,
  IN_WORDS.carrierGradeNat,
];
/** Where clouds hand out keys within ranges that are anybody's own: Alibaba, and AWS over IPv6. */
const KEYS_OF_CLOUDS: ReadonlySet<string> = new Set(['100.100.100.200', 'fd00:ec2::254']);

/** The same where addresses of one's own network are allowed: null for those and for public ones. */
export function foreignKindOf(address: string): string | null {
  const kind = privateKindOf(address);
  if (kind === null || !OWN_NETWORK.includes(kind)) return kind;
  return KEYS_OF_CLOUDS.has(ipaddr.parse(address).toString()) ? INSIDE_CLOUD : null;
}

/** Ranges of documentation and of benchmarks: nobody's in the world, and in use behind some gateways. */
const LAB = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '198.18.0.0/15'].map((range) =>
  ipaddr.IPv4.parseCIDR(range),
);

/** The same for a host that the operator named: every network may be theirs, but for those of one link and inside clouds. */
export function operatorsKindOf(address: string): string | null {
  const kind = foreignKindOf(address);
  if (kind !== RESERVED || !ipaddr.IPv4.isValid(address)) return kind;
  const parsed = ipaddr.IPv4.parse(address);
  return LAB.some((range) => parsed.match(range)) ? null : kind;
}
