import { expect, test } from 'vitest';
import { foreignKindOf, privateKindOf } from './address-policy.js';
import { type AddressPolicy, allowedAddresses, pinnedLookup, TargetRefused } from './allowed-addresses.js';

const policy = (refusalOf: AddressPolicy['refusalOf'], ...addresses: readonly string[]): AddressPolicy => ({
  refusalOf,
  resolve: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
});

test('all addresses of a host are given, and none where one of them is refused', async () => {
  expect(await allowedAddresses('a.example', policy(privateKindOf, '1.1.1.1', '2606:4700::1111'))).toHaveLength(2);
  await expect(allowedAddresses('a.example', policy(privateKindOf, '1.1.1.1', '10.0.0.7'))).rejects.toThrow(
    new TargetRefused('leads to 10.0.0.7, which is a private address'),
  );
});

test('an address that stands for itself is not looked up', async () => {
  await expect(allowedAddresses('[::1]', policy(privateKindOf, '1.1.1.1'))).rejects.toThrow('is a loopback address');
  expect(await allowedAddresses('127.0.0.1', policy(foreignKindOf))).toEqual([{ address: '127.0.0.1', family: 4 }]);
});

test('a connection is made to what was allowed and nowhere else', async () => {
  const looked = (addresses: readonly string[]) =>
    new Promise((resolve) => {
      pinnedLookup(policy(privateKindOf, ...addresses))('a.example', {}, (error, address) =>
        resolve(error === null ? address : error.message),
      );
    });
  expect(await looked(['1.1.1.1', '1.0.0.1'])).toBe('1.1.1.1');
  expect(await looked(['1.1.1.1', '169.254.169.254'])).toContain('169.254.169.254, which is a link-local address');
  expect(await looked([])).toBe('a.example has no address');
});
