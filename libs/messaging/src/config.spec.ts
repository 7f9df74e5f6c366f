import { describe, expect, it } from 'vitest';
import { assertUrl, queueServerOf } from './config.js';

describe('the endpoint in messages', () => {
  it.each([
    [{ backend: 'redis', url: 'redis://user:s3cret@cache:6379/2' }, 'redis at cache:6379/2'],
    [{ backend: 'postgres', url: 'postgres://baton:s3cret@db:5432/baton' }, 'postgres at db:5432/baton'],
    [{ backend: 'postgres', url: 'postgres:///baton?host=/run/pg&password=s3cret' }, 'postgres at /run/pg/baton'],
    [{ backend: 'redis', url: 'cache:s3cret@' }, 'redis (the URL cannot be read)'],
    [{ backend: 'redis', url: '//s3cret' }, 'redis (the URL cannot be read)'],
  ] as const)('never holds the password of %o', (config, expected) => {
    expect(queueServerOf(config)).not.toContain('s3cret');
    expect(queueServerOf(config)).toContain(expected);
  });
});

describe('the URL of the queues', () => {
  it.each([
    { backend: 'redis', url: 'https://user:s3cret@cache' },
    { backend: 'postgres', url: 'redis://user:s3cret@cache' },
    { backend: 'redis', url: 'user:s3cret@' },
  ] as const)('is refused with an example when it is of another kind: %o', (config) => {
    expect(() => assertUrl(config)).toThrow(
      expect.objectContaining({
        code: 'queue-url-invalid',
        message: expect.not.stringContaining('s3cret'),
        next: expect.stringContaining(`${config.backend}://`),
      }),
    );
  });
});
