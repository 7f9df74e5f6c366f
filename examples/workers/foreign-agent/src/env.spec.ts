import { describe, expect, it } from 'vitest';
import { readSettings } from './env.ts';

const GIVEN = { FOREIGN_AGENT_COMMAND: '/opt/some-agent --task {prompt}', FOREIGN_AGENT_SANDBOX: 'none' };

describe('what an operator says of a foreign agent', () => {
  it('names it after its program, and passes nothing on that was not named', () => {
    const settings = readSettings({
      ...GIVEN,
      SECRET: 's',
      DATABASE_URL: 'd',
      AGENT_KEY: 'k',
      FOREIGN_AGENT_ENV: 'AGENT_KEY',
    });
    expect(settings).toMatchObject({
      name: 'some-agent',
      kind: 'foreign-agent',
      passed: { AGENT_KEY: 'k' },
      timeoutMs: 3_600_000,
    });
  });

  it.each<readonly [Readonly<Record<string, string>>, string]>([
    [{ FOREIGN_AGENT_SANDBOX: '' }, 'FOREIGN_AGENT_SANDBOX is not set'],
    [{ FOREIGN_AGENT_SANDBOX: 'yes' }, 'FOREIGN_AGENT_SANDBOX is not valid'],
    [{ FOREIGN_AGENT_ENV: 'DATABASE_URL', DATABASE_URL: 'd' }, 'which no agent may have'],
    [{ FOREIGN_AGENT_ENV: 'BATON_TOKEN', BATON_TOKEN: 't' }, 'which no agent may have'],
    [{ FOREIGN_AGENT_ENV: 'AGENT_KEY' }, 'AGENT_KEY, which is not set'],
    [{ FOREIGN_AGENT_ENV: 'A=b' }, 'which is no variable'],
    [{ FOREIGN_AGENT_NAME: 'offline' }, 'expected a name that stands for nothing else'],
    [{ FOREIGN_AGENT_NAME: 'a and b' }, 'expected one word'],
    [{ FOREIGN_AGENT_COMMAND: 'offline {prompt}' }, 'cannot be called offline'],
    [{ FOREIGN_AGENT_COMMAND: './agent {prompt}' }, 'is a relative path'],
    [{ FOREIGN_AGENT_TIMEOUT_SECONDS: '0' }, 'FOREIGN_AGENT_TIMEOUT_SECONDS is not valid'],
  ])('is refused as %j with one sentence', (changed, sentence) => {
    expect(() => readSettings({ ...GIVEN, ...changed })).toThrow(sentence);
  });
});
