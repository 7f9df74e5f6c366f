import { BatonError, RetryableError } from '@baton/contracts';
import { NotFoundException } from '@nestjs/common';
import { expect, test } from 'vitest';
import { toProblemError } from './to-problem-error.js';

const withCode = (code: string, message = 'x'): Error => Object.assign(new Error(message), { code });

test.each([
  ['a refused connection', withCode('ECONNREFUSED')],
  ['both addresses of a host refused', new AggregateError([withCode('ECONNREFUSED'), withCode('ECONNREFUSED')])],
  ['a server that shuts down', withCode('57P01')],
  ['a connection cut in the middle', new Error('Connection terminated unexpectedly')],
  ['no free connection in time', new Error('timeout exceeded when trying to connect')],
  ['the event store’s word for it', new BatonError('x', { code: 'database-unreachable' })],
])('%s is a 503 that may be tried again', (_, thrown) => {
  expect(toProblemError(thrown)).toMatchObject({
    status: 503,
    code: 'database-unreachable',
    headers: { 'retry-after': '2' },
  });
});

test('a queue server that is away is not mistaken for the database', () => {
  const cause = withCode('ECONNREFUSED');
  const thrown = new RetryableError('The queue server does not answer.', {
    code: 'queue-unreachable',
    retryAfterMs: 1_500,
    cause,
  });
  expect(toProblemError(thrown)).toMatchObject({
    status: 503,
    code: 'queue-unreachable',
    headers: { 'retry-after': '2' },
  });
});

test('a failure that was foreseen is told with its code and what to do', () => {
  const thrown = new BatonError('The log holds an event of the unknown type X.', {
    code: 'unknown-event-type',
    next: 'Upgrade.',
  });
  expect(toProblemError(thrown)).toMatchObject({ status: 500, code: 'unknown-event-type', next: 'Upgrade.' });
});

test('an event of a later version is a 503, since a gateway that can read it is on its way', () => {
  const thrown = new BatonError('The log holds a RunStarted of version 9; this program knows 8.', {
    code: 'unknown-event-version',
  });
  expect(toProblemError(thrown)).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
});

test('an address where nothing is, is a 404', () => {
  expect(toProblemError(new NotFoundException())).toMatchObject({ status: 404, code: 'no-such-route' });
});

test.each([
  ['a mistake of ours', new TypeError('x is not a function')],
  ['a refused statement', withCode('42703')],
  ['a server error that Fastify reports', Object.assign(new Error('x'), { statusCode: 500 })],
  ['something that is no error', 'text'],
])('%s tells the client nothing', (_, thrown) => {
  expect(toProblemError(thrown)).toBeNull();
});
