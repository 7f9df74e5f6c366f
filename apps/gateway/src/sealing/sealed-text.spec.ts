import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { openText, sealText } from './sealed-text.js';

const sealing = { token: 'the token of a gateway', key: 'order-7', keySha256: hash('sha256', 'a', 'buffer') };

test('an answer is read by whoever has the token and the key, and by nobody else', () => {
  const sealed = sealText(sealing, '{"secret":"whsec_ä"}');
  expect(openText(sealing, sealed)).toBe('{"secret":"whsec_ä"}');
  expect(sealed.toString('latin1')).not.toContain('whsec');
  expect(openText({ ...sealing, token: 'another token of a gateway' }, sealed)).toBeNull();
  expect(openText({ ...sealing, key: 'order-8' }, sealed)).toBeNull();
});

test('an answer that was changed, or cut off, is none', () => {
  const sealed = sealText(sealing, 'an answer');
  for (const at of [0, 12, sealed.length - 1]) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(openText(sealing, changed)).toBeNull();
  }
  for (const length of [0, 11, 20, sealed.length - 1]) expect(openText(sealing, sealed.subarray(0, length))).toBeNull();
});
