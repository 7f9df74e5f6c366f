import { expect, test } from 'vitest';
import { actorOf } from './submission.js';

const caller = { type: 'apikey', id: 'local-admin' } as const;

test('the actor is believed where the gateway accepted the request with it', () => {
  expect(actorOf({ actor: caller }, { requestId: 'r', actor: caller })).toEqual(caller);
});

test('what a direct producer claims to be is put down as its word', () => {
  const claimed = { type: 'producer', id: 'apikey:local-admin' };
  expect(actorOf({ actor: caller }, null)).toEqual(claimed);
  expect(actorOf({ actor: caller }, { requestId: 'r', actor: { type: 'user', id: 'somebody else' } })).toEqual(claimed);
  expect(actorOf({}, null)).toEqual({ type: 'producer', id: 'intake' });
  expect(actorOf({ actor: { type: 'producer', id: 'nightly' } }, null)).toEqual({ type: 'producer', id: 'nightly' });
});
