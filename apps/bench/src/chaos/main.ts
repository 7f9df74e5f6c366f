import { parseArgs } from 'node:util';
import { randomFrom } from '@baton/asl';
import { BenchError, leaveNothing } from '../leave-nothing.js';
import { wholeNumber } from '../whole-number.js';
import { chaosOfClients } from './clients.js';
import { overload } from './overload/overload.js';
import { storm } from './storm/storm.js';
import { TAKEOVERS, takeover, withQuickWorker } from './takeover/takeover.js';
import { withStack } from './with-stack.js';

/**
 * `npm run chaos`: a whole stack under many runs, with one fault after another for a while, then calm: see `storm/`. Every run
 * must succeed, with no event twice and no task lost, and the log must verify. The seed chooses the faults; the interleaving is
 * the machine's. Other options measure what it costs to be struck, or show what is refused.
 */

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '30' },
    /** How many faults befall the stack. */
    strikes: { type: 'string', default: '24' },
    /** How long clients submit. */
    seconds: { type: 'string', default: '40' },
    /** Queues on a Redis of its own instead of Postgres. */
    redis: { type: 'boolean', default: false },
    /** Instead of all that: so many clients that submit and list while gateway and orchestrator are killed. */
    clients: { type: 'string' },
    /** Instead of all that: how long it takes until another has the work of who is struck, see `takeover.ts`. */
    takeover: { type: 'string' },
    /** So many kills, and as many times frozen. */
    kills: { type: 'string', default: '50' },
    /** Instead of all that: ten times as many submissions as can be done. */
    overload: { type: 'boolean', default: false },
  },
});

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const random = randomFrom(values.seed);
const seconds = (): number => wholeNumber('--seconds', values.seconds);
const isOnRedis = values.redis;
const UNLIMITED = { BATON_RATE_PER_KEY: '0', BATON_RATE_PER_ADDRESS: '0' };

await leaveNothing(async () => {
  if (values.clients !== undefined)
    return chaosOfClients({ clients: wholeNumber('--clients', values.clients), seconds: seconds(), random, say });
  if (values.overload) {
    const args = ['--only', 'gateway,orchestrator'];
    return withStack({ isOnRedis, args, env: UNLIMITED }, ({ stack }) =>
      withQuickWorker(stack, () => overload(stack, { seconds: seconds(), say })),
    );
  }
  if (values.takeover !== undefined) {
    const who = TAKEOVERS.find((each) => each === values.takeover);
    if (who === undefined) throw new BenchError(`--takeover is one of ${TAKEOVERS.join(', ')}.`);
    const strikes = { kills: wholeNumber('--kills', values.kills), random, say };
    const args = ['--only', who === 'only-prompt' ? 'gateway,orchestrator,prompt' : 'gateway,orchestrator'];
    return withStack({ isOnRedis, args, env: UNLIMITED }, ({ stack }) => takeover(stack, who, strikes));
  }
  const runs = wholeNumber('--runs', values.runs);
  const strikes = wholeNumber('--strikes', values.strikes);
  return storm({ seed: values.seed, runs, strikes, isOnRedis, random, say });
});
