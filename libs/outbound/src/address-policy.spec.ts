import { expect, test } from 'vitest';
import { foreignKindOf, operatorsKindOf, privateKindOf } from './address-policy.js';

test.each([
  ['0.0.0.0', 'unspecified'],
  ['0.1.2.3', 'unspecified'],
  ['10.0.0.1', 'private'],
  ['100.64.0.1', 'carrier-grade NAT'],
  ['100.100.100.200', 'carrier-grade NAT'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['168.63.129.16', 'cloud'],
  ['169.254.169.254', 'link-local'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.0.0.192', 'reserved'],
  ['192.0.2.1', 'reserved'],
  ['192.168.1.1', 'private'],
  ['198.18.0.1', 'reserved'],
  ['224.0.0.1', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'broadcast'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['::127.0.0.1', 'loopback'],
  ['::10.0.0.1', 'private'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:7f00:1', 'loopback'],
  ['::ffff:169.254.169.254', 'link-local'],
  ['::ffff:93.184.216.34', 'reserved'],
  ['64:ff9b::7f00:1', 'reserved'],
  ['64:ff9b:1::7f00:1', 'reserved'],
  ['100::1', 'reserved'],
  ['2001::7f00:1', 'reserved'],
  ['2001:db8::1', 'reserved'],
  ['2002:7f00:1::', 'reserved'],
  ['fc00::1', 'unique local'],
  ['fd00:ec2::254', 'unique local'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'link-local'],
  ['fec0::1', 'reserved'],
  ['ff02::1', 'multicast'],
  ['4000::1', 'reserved'],
  ['not an address', 'reserved'],
])('%s is not public: %s', (address, kind) => {
  expect(privateKindOf(address)).toContain(kind);
});

test.each([
  '1.1.1.1',
  '93.184.216.34',
  '100.63.255.255',
  '100.128.0.1',
  '168.63.129.17',
  '172.15.255.255',
  '172.32.0.1',
  '192.167.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001:80b::200e',
])('%s is public', (address) => {
  expect(privateKindOf(address)).toBeNull();
});

test.each(['127.0.0.1', '::1', '10.1.2.3', '192.168.1.1', '100.64.0.1', 'fd12::1', '::ffff:10.0.0.1', '1.1.1.1'])(
  '%s is of the own network or public',
  (address) => {
    expect(foreignKindOf(address)).toBeNull();
  },
);

test.each([
  ['169.254.169.254', 'link-local'],
  ['::ffff:169.254.169.254', 'link-local'],
  ['fe80::1', 'link-local'],
  ['64:ff9b::a9fe:a9fe', 'reserved'],
  ['2002:a9fe:a9fe::', 'reserved'],
  ['100.100.100.200', 'cloud'],
  ['fd00:ec2::254', 'cloud'],
  ['168.63.129.16', 'cloud'],
  ['0.0.0.0', 'unspecified'],
  ['224.0.0.1', 'multicast'],
  ['255.255.255.255', 'broadcast'],
  ['not an address', 'reserved'],
])('%s stays refused where the own network is allowed: %s', (address, kind) => {
  expect(foreignKindOf(address)).toContain(kind);
});

test.each(['10.0.0.1', '::1', '203.0.113.80', '192.0.2.1', '198.18.0.1'])(
  '%s may be a host that the operator named',
  (address) => {
    expect(operatorsKindOf(address)).toBeNull();
  },
);

test.each(['169.254.169.254', '::ffff:203.0.113.80', '192.0.0.192', '240.0.0.1', '100.100.100.200', '224.0.0.1', 'x'])(
  '%s may not, whoever names it',
  (address) => {
    expect(operatorsKindOf(address)).not.toBeNull();
  },
);
