import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { randomFrom } from '@baton/asl';
import { Verification } from '@baton/contracts';
import {
  ended,
  eventsOf,
  REPORT,
  RedisServer,
  redisProgram,
  Stack,
  type Submission,
  sevenSteps,
  submit,
  type Victim,
  violations,
} from '@baton/test-stack';
import { leaveNothing } from '../leave-nothing.js';
import { wholeNumber } from '../whole-number.js';
import { chaosOfClients } from './clients.js';

/**
 * `npm run chaos`: a whole stack under many runs, with a kill -9 (or a wiped Redis) every second or two for a while, then
 * calm. Every run must succeed, with no event twice and no task lost, and the log must verify. The seed chooses the
 * victims; the interleaving is the machine's.
 */

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '60' },
    /** How long the kills go on. */
    seconds: { type: 'string', default: '40' },
    /** Queues on a Redis of its own instead of Postgres. */
    redis: { type: 'boolean', default: false },
    /** Instead of all that: so many clients that submit and list while gateway and orchestrator are killed. */
    clients: { type: 'string' },
  },
});

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const random = randomFrom(values.seed);
const pick = <T>(list: readonly T[]): T => {
  const chosen = list[Math.floor(random() * list.length)];
  if (chosen === undefined) throw new Error('nothing to pick from');
  return chosen;
};

await leaveNothing(async () => {
  if (values.clients !== undefined) {
    const clients = wholeNumber('--clients', values.clients);
    return chaosOfClients({ clients, seconds: wholeNumber('--seconds', values.seconds), random, say });
  }
  const program = values.redis ? redisProgram() : null;
  if (values.redis && program === null) throw new Error('--redis needs a redis-server or valkey-server on the PATH');
  const redis = program === null ? null : await RedisServer.start(program);
  const stack = await Stack.start({ env: redis === null ? {} : { REDIS_URL: redis.url } });
  const struck = new Map<string, number>();

  const victims: readonly Victim[] = [
    'orchestrator',
    'orchestrator',
    'planner',
    'validator',
    'programmer',
    'tester',
    'prompt',
    'advisor',
    'deployer',
    'gateway',
    'postgres',
  ];
  const strike = async (): Promise<void> => {
    const victim = redis === null ? pick(victims) : pick([...victims, 'redis wiped', 'redis killed']);
    try {
      if (victim === 'redis wiped') await redis?.wipe();
      else if (victim === 'redis killed') {
        await redis?.kill();
        await redis?.launch();
      } else await stack.kill(victim as Victim);
      struck.set(victim, (struck.get(victim) ?? 0) + 1);
    } catch {
      // It is down already and on its way back.
    }
  };

  /** Every third run asks the prompt worker; the others go through planner, validator and programmer. */
  const workOf = (n: number): Submission =>
    n % 3 === 2 ? REPORT : sevenSteps(`# Task ${n}\n\n- Do one thing.\n- Fail with a clear error.\n`);

  /** The gateway is among the victims: a submission is repeated until it was accepted, with the same request id. */
  const submitted = async (n: number): Promise<string> => {
    for (;;) {
      try {
        return await submit(stack, workOf(n), `chaos-${values.seed}-${n}`);
      } catch {
        await sleep(200);
      }
    }
  };

  let exitCode = 0;
  try {
    const end = Date.now() + Number(values.seconds) * 1000;
    const submitting = (async () => {
      const runIds: string[] = [];
      for (let n = 0; n < Number(values.runs); n += 1) {
        runIds.push(await submitted(n));
        await sleep((Number(values.seconds) * 700) / Number(values.runs));
      }
      return runIds;
    })();
    while (Date.now() < end) {
      await sleep(700 + random() * 1_500);
      await strike();
    }
    const runIds = await submitting;
    say(
      `calm; ${runIds.length} runs submitted; struck: ${[...struck].map(([name, times]) => `${name} ${times}`).join(', ')}`,
    );
    const problems: string[] = [];
    for (const runId of runIds) {
      const view = await ended(stack, runId, 300_000);
      if (view.status !== 'succeeded') problems.push(`${runId} ${view.status}: ${view.error} ${view.cause}`);
      for (const problem of violations(await eventsOf(stack, runId))) problems.push(`${runId}: ${problem}`);
    }
    const verification = Verification.parse(await stack.api('/v1/audit/verify'));
    if (!verification.verified) problems.push(`the log: ${verification.problem}`);
    for (const problem of problems) say(problem);
    say(`${runIds.length} runs, ${verification.events} events, ${problems.length} problems`);
    exitCode = problems.length === 0 ? 0 : 1;
  } catch (error) {
    say(`${String(error)}\n${stack.output}`);
    exitCode = 1;
  } finally {
    await stack.stop();
    await redis?.stop();
  }
  return exitCode;
});
