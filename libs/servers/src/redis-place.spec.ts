import { describe, expect, it } from 'vitest';
import { readRedisPlace } from './redis-place.js';

describe('where a Redis is', () => {
  it('is one server, with user, password and database', () => {
    expect(readRedisPlace('redis://ada:p%40ss@cache:6380/2')).toMatchObject({
      kind: 'single',
      hosts: [{ host: 'cache', port: 6380 }],
      login: { username: 'ada', password: 'p@ss' },
      database: 2,
      tls: null,
    });
  });

  it('is what sentinels call by a name', () => {
    expect(
      readRedisPlace('rediss+sentinel://ada:secret@one,two:26380/mymaster/3?sentinel_password=other'),
    ).toMatchObject({
      kind: 'sentinel',
      hosts: [
        { host: 'one', port: 26379 },
        { host: 'two', port: 26380 },
      ],
      name: 'mymaster',
      login: { username: 'ada', password: 'secret' },
      sentinelLogin: { password: 'other' },
      database: 3,
      tls: {},
    });
  });

  it('is a cluster, of which some nodes are named', () => {
    expect(readRedisPlace('redis+cluster://one:7000,[::1]')).toMatchObject({
      kind: 'cluster',
      hosts: [
        { host: 'one', port: 7000 },
        { host: '::1', port: 6379 },
      ],
    });
  });

  it.each([
    ['https://s3cret@cache', 'no Redis'],
    ['redis://:s3cret@one,two', 'several hosts'],
    ['redis+sentinel://:s3cret@one,two', 'name of the primary'],
    ['redis+cluster://:s3cret@one/2', 'no databases'],
    ['redis://:s3cret@one/two', 'a database is a number'],
    ['redis+sentinel://:s3cret@one:7000,,two/name', 'cannot be read'],
  ])('is refused without showing it: %s', (url, why) => {
    expect(() => readRedisPlace(url)).toThrow(
      expect.objectContaining({
        code: 'queue-url-invalid',
        message: expect.toSatisfy((text: string) => text.includes(why) && !text.includes('s3cret')),
      }),
    );
  });

  it('refuses a file of certificates that is not there', () => {
    expect(() => readRedisPlace('rediss://cache?ssl_ca_certs=/nowhere/ca.pem')).toThrow(
      expect.objectContaining({ code: 'certificate-unreadable', message: expect.stringContaining('/nowhere/ca.pem') }),
    );
  });
});
