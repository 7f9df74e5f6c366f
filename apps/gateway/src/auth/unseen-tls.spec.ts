import { expect, test } from 'vitest';
import { isTlsUnbelieved, isTlsUnseen, warnOfUnseenTls } from './unseen-tls.js';

const asked = (headers: Record<string, string>, protocol: 'http' | 'https' = 'http') => ({
  protocol,
  headers,
  ip: '10.0.0.7',
});

test.each([
  ['x-forwarded-proto', 'https', true],
  ['x-forwarded-proto', 'https,http', true],
  ['forwarded', 'for=1.2.3.4;proto=https;by=10.0.0.7', true],
  ['forwarded', 'proto="https"', true],
  ['x-forwarded-proto', 'http', false],
  ['x-forwarded-proto', 'httpsish', false],
  ['forwarded', 'for=https', false],
  ['x-other', 'https', false],
])('%s: %s says of TLS that is not seen: %s', (name, value, isUnseen) => {
  expect(isTlsUnseen(asked({ [name]: value }))).toBe(isUnseen);
});

test('a proxy that is believed is none of them', () => {
  expect(isTlsUnseen(asked({ 'x-forwarded-proto': 'https' }, 'https'))).toBe(false);
});

test('it is said once, with whence it came', () => {
  const said: object[] = [];
  const warn = warnOfUnseenTls({ warn: (facts: object) => void said.push(facts) });
  warn(asked({}));
  for (let n = 0; n < 3; n += 1) warn(asked({ 'x-forwarded-proto': 'https' }));
  expect(said).toEqual([{ proxy: '10.0.0.7' }]);
});

test.each([
  ['https://baton.example', [], true],
  ['https://baton.example', ['10.0.0.7'], false],
  ['http://baton.example', [], false],
  [undefined, [], false],
])('people at %s, behind %j: nobody is believed who says that they come by TLS: %s', (url, proxies, isUnbelieved) => {
  expect(isTlsUnbelieved({ BATON_PUBLIC_URL: url, BATON_TRUSTED_PROXIES: proxies })).toBe(isUnbelieved);
});
