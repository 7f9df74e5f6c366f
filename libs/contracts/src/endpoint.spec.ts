import { expect, test } from 'vitest';
import { endpointOf } from './endpoint.js';

test.each([
  ['redis://user:s3cret@cache:6380/2', 'cache:6380/2'],
  ['rediss://:s3cret@cache', 'cache:6379'],
  ['postgres://baton:s3cret@db/baton', 'db:5432/baton'],
  ['postgresql://baton:s3cret@[::1]:5433/baton', '[::1]:5433/baton'],
  ['postgres:///baton?host=/run/pg&password=s3cret', '/run/pg/baton'],
  ['postgres:///baton', 'a local socket/baton'],
  ['postgres://baton:s3cret@one:5432,two/baton?target_session_attrs=read-write', 'one:5432,two:5432/baton'],
  ['redis+sentinel://user:s3cret@one,two:26380/mymaster/1', 'one:26379,two:26380/mymaster/1'],
  ['rediss+cluster://:s3cret@one:7000,two', 'one:7000,two:6379'],
  ['postgres://baton:s3cret@one:5432,,two/baton', null],
  ['cache:s3cret@', null],
  ['https://user:s3cret@db/baton', null],
  ['//s3cret', null],
  [undefined, null],
])('%s leads to %s', (url, expected) => {
  expect(endpointOf(url)).toBe(expected);
});
