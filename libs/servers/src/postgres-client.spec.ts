import { describe, expect, it } from 'vitest';
import { isReadOnlyRefusal, postgresTarget } from './postgres-client.js';

describe('where a Postgres is', () => {
  it('is what the driver reads by itself, where it is one host', () => {
    const url = 'postgres://ada:secret@db/baton?sslmode=require';
    expect(postgresTarget(url)).toEqual({ connectionString: url });
    expect(postgresTarget('postgres:///baton?host=/run/postgresql')).not.toHaveProperty('Client');
  });

  it('is looked for among several hosts, also where it is not said that something is to be written', () => {
    for (const query of ['', '?target_session_attrs=read-write', '?target_session_attrs=primary']) {
      expect(postgresTarget(`postgres://ada:secret@one:5433,two/baton${query}`)).toEqual({
        connectionString: 'postgres://ada:secret@one:5433/baton',
        Client: expect.any(Function),
      });
    }
  });

  it.each(['read-only', 'standby', 'prefer-standby'])('is refused as %s: Baton writes', (wanted) => {
    expect(() => postgresTarget(`postgres://ada:s3cret@one,two/baton?target_session_attrs=${wanted}`)).toThrow(
      expect.objectContaining({
        code: 'database-url-invalid',
        message: expect.toSatisfy((text: string) => text.includes(wanted) && !text.includes('s3cret')),
      }),
    );
  });
});

it('a refusal to write is told by its code', () => {
  expect(isReadOnlyRefusal(Object.assign(new Error('x'), { code: '25006' }))).toBe(true);
  expect(isReadOnlyRefusal(Object.assign(new Error('x'), { code: '25001' }))).toBe(false);
});
