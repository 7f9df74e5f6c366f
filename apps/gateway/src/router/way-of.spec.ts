import { placed } from '@baton/contracts';
import { expect, test } from 'vitest';
import { wayOf } from './way-of.js';

const first = placed('0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11', 0);
const last = placed('0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11', 4_095);
const to = (shard: number) => ({ to: 'shard', shard });
const at = (path: string) => new URL(path, 'http://router');

test.each([
  ['GET', `/v1/runs/${first}`, to(0)],
  ['GET', `/v1/runs/${last}`, to(1)],
  ['GET', `/v1/runs/${last.toUpperCase()}/`, to(1)],
  ['POST', `/v1/runs/${last}/cancel`, to(1)],
  ['GET', `/v1/runs/${last}/events?after=3`, to(1)],
  ['POST', `/v1/approvals/${last}-12`, to(1)],
  ['GET', `/v1/events?type=RunFailed&run=${last}`, to(1)],
  ['GET', `/v1/audit/prove?run=${first}&event=3`, to(0)],
  ['GET', `/v1/approvals?run=${last}`, to(1)],
  ['GET', `/v1/decisions?run=${last}`, to(1)],
  ['GET', `/v1/anomalies?run=${last}`, to(1)],
  ['GET', `/v1/foresight/expectations/${last}`, to(1)],
  ['GET', '/v1/foresight/expectations?workflow=w', { to: 'nobody', why: 'of-one-log' }],
  ['HEAD', `/v1/audit/verify?run=${last}`, to(1)],
  ['GET', `/v1/audit/replay?run=${last}`, to(1)],
  ['GET', `/v1/audit/export?run=${last}`, to(1)],
  ['POST', `/v1/workflows?run=${last}`, { to: 'nobody', why: 'of-one-log' }],
  ['POST', `/v1/audit/verify?run=${last}`, { to: 'nobody', why: 'of-one-log' }],
  ['GET', `/v1/usage?run=${last}`, { to: 'nobody', why: 'of-one-log' }],
  ['POST', `/v1/runs?run=${last}`, { to: 'submission' }],
  ['POST', '/v1/runs', { to: 'submission' }],
  ['POST', '/v1/goals', { to: 'submission' }],
  ['GET', '/v1/goals', { to: 'nobody', why: 'of-one-log' }],
  ['GET', '/v1/runs?limit=3', { to: 'all', what: 'runs' }],
  ['GET', '/v1/events', { to: 'all', what: 'events' }],
  ['GET', '/v1/audit/verify', { to: 'all', what: 'verification' }],
  ['GET', '/readyz', { to: 'all', what: 'readiness' }],
  ['GET', '/v1/runs/0b8f/events', { to: 'search', prefix: '0b8f' }],
  ['GET', '/v1/runs/nonsense', { to: 'nobody', why: 'unknown-place' }],
  ['GET', '/v1/runs/0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11', { to: 'nobody', why: 'unknown-place' }],
  ['POST', '/v1/workflows', { to: 'nobody', why: 'of-one-log' }],
  ['GET', '/v1/approvals', { to: 'nobody', why: 'of-one-log' }],
  ['GET', '/', { to: 'nobody', why: 'of-one-log' }],
])('of two shards, %s %s goes the way it should', (method, url, way) => {
  expect(wayOf({ method, url: at(url) }, 2)).toEqual(way);
});

test('whoever names a shard talks to it, whatever is asked', () => {
  const asked = { method: 'POST', url: at('/v1/workflows') };
  expect(wayOf({ ...asked, shard: '1' }, 2)).toEqual(to(1));
  for (const shard of ['2', '-1', 'one', '']) {
    expect(wayOf({ ...asked, shard }, 2)).toEqual({ to: 'nobody', why: 'no-such-shard' });
  }
});

test('live events are those of a run, or of a shard', () => {
  const accept = 'text/event-stream';
  expect(wayOf({ method: 'GET', url: at(`/v1/runs/${last}/events`), accept }, 2)).toEqual(to(1));
  expect(wayOf({ method: 'GET', url: at('/v1/events'), accept }, 2)).toEqual({ to: 'nobody', why: 'of-one-log' });
  expect(wayOf({ method: 'GET', url: at('/v1/events'), accept, shard: '0' }, 2)).toEqual(to(0));
});
