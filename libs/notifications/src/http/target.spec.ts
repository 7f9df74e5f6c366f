import { type Resolve, resolveHost } from '@baton/outbound';
import { expect, test } from 'vitest';
import { checkTarget, type TargetPolicy } from './target.js';

const to =
  (...addresses: readonly string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
const strict = (resolve: Resolve = to('93.184.216.34')): TargetPolicy => ({ allowPrivate: false, resolve });
const lax: TargetPolicy = { allowPrivate: true, resolve: to('127.0.0.1') };

test('a public https address is allowed, and stored without a fragment', async () => {
  expect(await checkTarget('https://Hooks.Example/a?b=c#d', strict())).toEqual({
    status: 'allowed',
    url: 'https://hooks.example/a?b=c',
  });
});

test.each([
  ['', 'not a URL'],
  ['hooks.example', 'not a URL'],
  ['https://', 'not a URL'],
  ['http://hooks.example', 'https://'],
  ['ftp://hooks.example', 'https://'],
  ['file:///etc/passwd', 'https://'],
  ['https://user:pass@hooks.example', 'password'],
  ['https://127.0.0.1', 'loopback'],
  ['https://2130706433', 'loopback'],
  ['https://0x7f.1', 'loopback'],
  ['https://0177.0.0.1', 'loopback'],
  ['https://[::1]:8443/x', 'loopback'],
  ['https://[::ffff:10.0.0.1]', 'private'],
  ['https://169.254.169.254/latest/meta-data', 'link-local'],
])('%s is refused: %s', async (url, reason) => {
  expect(await checkTarget(url, strict(resolveHost))).toEqual({
    status: 'refused',
    reason: expect.stringContaining(reason),
  });
});

test('a name is refused when one of its addresses is private, with that address', async () => {
  expect(await checkTarget('https://hooks.example', strict(to('93.184.216.34', '10.0.0.7')))).toEqual({
    status: 'refused',
    reason: 'leads to 10.0.0.7, which is a private address',
  });
});

test('a name that nobody knows is refused', async () => {
  expect(await checkTarget('https://no-such-host.invalid', strict(resolveHost))).toEqual({
    status: 'refused',
    reason: expect.stringContaining('cannot be found'),
  });
});

test.each(['http://127.0.0.1:8080/hook', 'http://localhost/x', 'https://10.0.0.1/'])(
  '%s is allowed where private addresses are',
  async (url) => {
    expect(await checkTarget(url, lax)).toEqual({ status: 'allowed', url });
  },
);

test('other protocols and passwords are refused even there', async () => {
  expect(await checkTarget('ftp://127.0.0.1', lax)).toMatchObject({ status: 'refused' });
  expect(await checkTarget('http://a:b@127.0.0.1', lax)).toMatchObject({ status: 'refused' });
});
