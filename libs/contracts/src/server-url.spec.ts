import { describe, expect, it } from 'vitest';
import { cutSecretsOf } from './secrets.js';
import { asUser, readServerUrls } from './server-url.js';

const hostsOf = (text: string): readonly string[] | null => readServerUrls(text)?.map(({ host }) => host) ?? null;

describe('the URL of servers', () => {
  it.each([
    ['postgres://db/baton', ['db']],
    ['postgres://ada:s3cret@one:5432,two:5433,[::1]/baton?a=b', ['one:5432', 'two:5433', '[::1]']],
    ['redis+sentinel://one,two:26379/mymaster', ['one', 'two:26379']],
    ['postgres://ada:with,comma@db/baton', ['db']],
    ['postgres://one,,two/baton', null],
    ['postgres://one:port,two/baton', null],
    ['nothing', null],
  ])('%s has the hosts %j', (text, hosts) => {
    expect(hostsOf(text)).toEqual(hosts);
  });

  it('is that of another user, with all of its hosts', () => {
    expect(asUser('postgres://ada:old@one:5432,two/baton?x=y', 'bob', 'p@ss/word')).toBe(
      'postgres://bob:p%40ss%2Fword@one:5432,two/baton?x=y',
    );
    expect(asUser('postgres://one,two/baton', 'bob', 'new')).toBe('postgres://bob:new@one,two/baton');
    expect(asUser('postgres://ada:old@one/baton', 'bob', 'p@ss')).toBe('postgres://bob:p%40ss@one/baton');
  });

  it('keeps its password out of texts, also with several hosts', () => {
    const cut = cutSecretsOf({ DATABASE_URL: 'postgres://ada:a-l0ng-s3cret@one:5432,two/baton' });
    expect(cut('at postgres://ada:a-l0ng-s3cret@one:5432,two/baton')).not.toContain('s3cret');
    expect(cut('it said a-l0ng-s3cret')).toBe('it said [secret]');
  });
});
