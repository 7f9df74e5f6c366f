import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { eventHash, type HashedEvent } from './event-hash.js';

const leaf: HashedEvent = {
  runId: '0d8b9f2e-5c1e-4f5a-9a39-5f5f3b2f8c11',
  version: 12,
  type: 'TaskSucceeded',
  schemaVersion: 1,
  eventId: '6a2f41a3-c54c-4ce4-8d1e-1f9c6a7a1d42',
  causationId: 'c',
  correlationId: null,
  recordedAt: '2026-01-02T03:04:05.678Z',
  actorText: '{"type":"system","id":"hub"}',
  dataText: '{"text":"naïve 🚀"}',
};

test('is the SHA-256 of the documented bytes', () => {
  const hex = [
    '00',
    '00000024',
    Buffer.from(leaf.runId).toString('hex'),
    '00000002',
    '3132',
    '0000000d',
    Buffer.from(leaf.type).toString('hex'),
    '00000001',
    '31',
    '00000024',
    Buffer.from(leaf.eventId).toString('hex'),
    '00000001',
    '63',
    'ffffffff',
    '00000018',
    Buffer.from(leaf.recordedAt).toString('hex'),
    '0000001c',
    Buffer.from(leaf.actorText).toString('hex'),
    '00000016',
    Buffer.from(leaf.dataText).toString('hex'),
  ].join('');
  expect(eventHash(leaf)).toEqual(createHash('sha256').update(Buffer.from(hex, 'hex')).digest());
});

test('has not changed: logs that exist were hashed this way', () => {
  expect(eventHash(leaf).toString('hex')).toBe('8c9861a28ec95a7ee1ff261af4e27263e1794d0dc470e6313cd22abf556e07e1');
});

test.each([
  ['a byte that moves to the next field', { causationId: 'c2', recordedAt: leaf.recordedAt.slice(1) }],
  ['an empty text in the place of an absent one', { correlationId: '' }],
  ['another version', { version: 13 }],
  ['another schema version', { schemaVersion: 2 }],
  ['other bytes of the same JSON value', { dataText: leaf.dataText.replace(':', ': ') }],
  ['another actor', { actorText: '{"type":"system","id":"hut"}' }],
])('differs for %s', (_, change) => {
  expect(eventHash({ ...leaf, ...change })).not.toEqual(eventHash(leaf));
});
