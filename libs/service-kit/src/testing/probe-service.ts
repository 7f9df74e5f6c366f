// A service for the tests of runService; its argument says how it behaves.
import { BatonError, RetryableError } from '@baton/contracts';
import { runService } from '../run-service.js';

const behaviour = process.argv[2];
const never = new Promise<void>(() => {});

await runService({
  name: 'probe',
  stopTimeoutMs: 300,
  start: async ({ log, health, signal }) => {
    const alive = setInterval(() => {}, 1_000);
    if (behaviour === 'refuses') {
      throw new BatonError('No database.', { code: 'no-database', next: 'Start one.', cause: new Error('inner') });
    }
    if (behaviour === 'finds-no-server') {
      throw new RetryableError('The server is away.', { code: 'server-unreachable', retryAfterMs: 1_000 });
    }
    if (behaviour === 'has-a-bug') throw new Error('surprise');
    if (behaviour === 'starts-for-ever') {
      log.info('starting');
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('told to stop'))));
    }
    if (behaviour === 'rejects-later') setTimeout(() => void Promise.reject(new Error('forgotten')), 50);
    health.addCheck('always', async () => {});
    health.addFact('sandbox', 'none here');
    if (behaviour === 'unwell') health.addCheck('database', () => Promise.reject(new Error('connection refused')));
    return {
      stop: async () => {
        if (behaviour === 'does-not-stop') await never;
        clearInterval(alive);
        log.info('stopped in order');
      },
    };
  },
});
