import { expect, it } from 'vitest';
import { unreachable } from './queue-server-errors.js';

it('a lost server is an error that a handler may pass on, to be delivered again', () => {
  expect(unreachable('redis at h:1', new Error('gone'))).toMatchObject({
    code: 'queue-unreachable',
    message: 'The queue server does not answer: redis at h:1.',
    retryAfterMs: 1_000,
  });
});
