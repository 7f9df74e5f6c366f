import { RetryableError, TerminalError } from '@baton/contracts';
import { expect, test } from 'vitest';
import { preflight } from './preflight.js';

const never = new AbortController().signal;

/** What is said where a server answers a question for its model with an error. */
async function saidOf(error: Error): Promise<readonly object[]> {
  const said: object[] = [];
  const log = { info: () => {}, warn: (facts: object) => void said.push(facts) };
  const server = {
    call: () => Promise.reject(error),
    check: () => Promise.reject(error),
    countTokens: () => Promise.resolve(null),
    contextTokens: () => Promise.resolve(null),
  };
  const model = { name: 'm', callModel: server.call, server };
  expect(await preflight(model, log, never)).toBe(true);
  return said;
}

const next = 'Set ANTHROPIC_BASE_URL.';

test.each([
  new RetryableError('The answer is a web page.', { code: 'model-unreadable', next, retryAfterMs: 1 }),
  new TerminalError('http://x answers with web pages.', { code: 'model-web-page', next }),
  new RetryableError('The model cannot be reached.', { code: 'model-unreachable', next, retryAfterMs: 1 }),
])('whoever starts the service is told in a sentence that nobody answers there: %s', async (error) => {
  expect(await saidOf(error)).toMatchObject([
    { code: error.code, notice: `WARNING: ${error.message} ${next} Tasks are tried all the same.` },
  ]);
});

test('a server that cannot be asked for its models is in the log alone', async () => {
  const error = new RetryableError('Slow down.', { code: 'model-rate-limited', next, retryAfterMs: 1 });
  const [facts] = await saidOf(error);
  expect(facts).not.toHaveProperty('notice');
});
