import { describe, expect, it } from 'vitest';
import { isConnectionLoss } from './connection-loss.js';

const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('a lost connection', () => {
  it.each([
    withCode('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5432'),
    withCode('57P01', 'terminating connection due to administrator command'),
    withCode('57P03', 'the database system is starting up'),
    withCode('53300', 'sorry, too many clients already'),
    withCode('08006'),
    withCode('25006', 'cannot execute INSERT in a read-only transaction'),
    new Error("READONLY You can't write against a read only replica. script: 0a"),
    new Error('CLUSTERDOWN Hash slot not served'),
    new Error('LOADING Redis is loading the dataset in memory'),
    new Error('All sentinels are unreachable and retry is disabled. Last error: connect ECONNREFUSED'),
    Object.assign(withCode('ENOENT'), { syscall: 'connect' }),
    Object.assign(withCode('EAGAIN', 'connect EAGAIN /a/socket/.s.PGSQL.5432'), { syscall: 'connect' }),
    new Error('Connection terminated unexpectedly'),
    new Error('Connection is closed.'),
    new Error("Stream isn't writeable and enableOfflineQueue options is false"),
    new Error('Reached the max retries per request limit (which is 1).'),
    new AggregateError([withCode('ECONNREFUSED')], ''),
  ])('is told from a wrong request: %s', (error) => {
    expect(isConnectionLoss(error)).toBe(true);
  });

  it.each([
    withCode('42P01', 'relation "job" does not exist'),
    withCode('23505'),
    Object.assign(withCode('ENOENT', 'no such file'), { syscall: 'open' }),
    Object.assign(withCode('EAGAIN', 'resource temporarily unavailable'), { syscall: 'read' }),
    new Error('Missing lock for job 7. moveToFinished'),
    new TypeError('x is not a function'),
    new Error("NOPERM this user has no permissions to run the 'flushall' command"),
    new Error("CROSSSLOT Keys in request don't hash to the same slot"),
    'ECONNREFUSED',
    undefined,
  ])('is not seen in %s', (error) => {
    expect(isConnectionLoss(error)).toBe(false);
  });
});
