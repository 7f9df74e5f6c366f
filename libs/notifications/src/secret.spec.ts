import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { newSecret, secretProblem } from './secret.js';

const ofBytes = (count: number): string => `whsec_${randomBytes(count).toString('base64')}`;

test('a secret that was made is one that is accepted, and no two are the same', () => {
  const secret = newSecret(randomBytes);
  expect(secretProblem(secret)).toBeNull();
  expect(newSecret(randomBytes)).not.toBe(secret);
});

test.each([24, 25, 32, 64])('%i bytes are accepted', (count) => {
  expect(secretProblem(ofBytes(count))).toBeNull();
});

test.each([
  ['no prefix', randomBytes(32).toString('base64'), 'begin with whsec_'],
  ['too few bytes', ofBytes(23), '24 to 64 bytes, and has 23'],
  ['too many bytes', ofBytes(65), '24 to 64 bytes, and has 65'],
  ['nothing', 'whsec_', 'has 0'],
  ['another alphabet', `whsec_${'_'.repeat(32)}`, 'base64'],
  ['no padding', `whsec_${Buffer.alloc(32).toString('base64').replaceAll('=', '')}`, 'base64'],
  ['a space', `whsec_ ${Buffer.alloc(24).toString('base64')}`, 'base64'],
])('a secret with %s is refused, with the reason', (_, secret, reason) => {
  expect(secretProblem(secret)).toContain(reason);
});
