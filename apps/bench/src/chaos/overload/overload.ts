import { setTimeout as sleep } from 'node:timers/promises';
import { Verification } from '@baton/contracts';
import { publish, type Stack } from '@baton/test-stack';
import pg from 'pg';
import { z } from 'zod';
import { chainOf } from '../../chain.js';
import { quantile } from '../../result.js';
import { looksAt } from './looks.js';
import { residentMb } from './resident-mb.js';
import { type Submissions, submissionsTo, told } from './submissions.js';

const CHAIN = chainOf('overload-chain', 3, 'quick');
/** How much the system gets done is learnt by giving it as much as it takes for so long. */
const LEARN = { ms: 15_000, clients: 16, mostOpen: 300, lookMs: 250 };
const TIMES = 10;
const TICK_MS = 10;
/** A client that gets no answers has no more connections than this either. */
const MOST_AT_ONCE = 1_500;
const LOOK_EVERY_MS = 5_000;
/** What came back within this time has recovered. */
const RECOVERY_MS = 60_000;
const LATEST_MS = 600_000;

export interface Overload {
  readonly seconds: number;
  readonly say: (text: string) => void;
}

const Counts = z.object({ ended: z.number(), waiting: z.number() });
const COUNTS = `select (select count(*) from baton.event where type = 'RunSucceeded')::int as ended,
  (select count(*) from baton.inbox)::int as waiting`;
type Look = () => Promise<z.infer<typeof Counts>>;

/**
 * Submissions at ten times what the system gets done. It must refuse what it cannot do, with a word when to come again, and lose
 * nothing of what it accepted; its memory must have a bound, and a minute later all must be done. @returns the exit code
 */
export async function overload(stack: Stack, { seconds, say }: Overload): Promise<number> {
  await publish(stack, CHAIN);
  const client = new pg.Client({ connectionString: await stack.ownerUrl() });
  client.on('error', () => {});
  await client.connect();
  const look: Look = async () => Counts.parse((await client.query(COUNTS)).rows[0]);
  const submissions = await submissionsTo(stack, CHAIN.name);
  const aSecond = await learn(submissions, look);
  say(`it ends ${aSecond.toFixed(0)} runs of three tasks a second; ${(aSecond * TIMES).toFixed(0)} are submitted now`);
  const before = residentMb(stack);
  const most = new Map(before);
  const looks = await looksAt(stack);
  const untilMs = performance.now() + seconds * 1_000;
  const watching = (async () => {
    while (performance.now() < untilMs) {
      await sleep(LOOK_EVERY_MS);
      for (const [name, mb] of residentMb(stack)) most.set(name, Math.max(mb, most.get(name) ?? 0));
      const { ended, waiting } = await look();
      say(`${told(submissions.answers)}; ended ${ended}, in the inbox ${waiting}`);
    }
  })();
  await flood(submissions, aSecond * TIMES, untilMs);
  await watching;
  const looked = await looks.end();
  const recoveredMs = await untilAllEnded(submissions, look);
  const lost = await lostOf(client, submissions.accepted);
  await client.end();
  const { verified, problem } = Verification.parse(await stack.api('/v1/audit/verify'));
  const sorted = submissions.answeredMs.toSorted((a, b) => a - b);
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => quantile(sorted, share).toFixed(0));
  const memory = [...most].map(([name, mb]) => `${name} ${before.get(name)?.toFixed(0)} → ${mb.toFixed(0)} MB`);
  const over = recoveredMs === null ? 'never' : `${(recoveredMs / 1_000).toFixed(1)} s`;
  for (const line of [
    `${told(submissions.answers)}; 429 without Retry-After: ${submissions.withoutWord()}`,
    `answered within ${p50} ms (p50), ${p99} ms (p99), ${max} ms (max)`,
    ...looked,
    `looks that failed: ${looks.failed.length}${looks.failed.length === 0 ? '' : ` (${[...new Set(looks.failed)].slice(0, 5).join(', ')})`}`,
    `resident memory, before and at most: ${memory.join(', ')}`,
    `${submissions.accepted.length} accepted, ${lost} of them not ended; all done ${over} after the last submission`,
    `the log ${verified ? 'verifies' : problem}`,
  ])
    process.stdout.write(`${line}\n`);
  const isOverSoon = recoveredMs !== null && recoveredMs <= RECOVERY_MS;
  const isTold = submissions.withoutWord() === 0 && looks.failed.length === 0;
  return lost === 0 && isTold && verified && isOverSoon ? 0 : 1;
}

/** Runs that end in a second. */
async function learn({ accepted, submitOne }: Submissions, look: Look): Promise<number> {
  const untilMs = performance.now() + LEARN.ms;
  let ended = 0;
  const looking = (async () => {
    while (performance.now() < untilMs) {
      ({ ended } = await look());
      await sleep(LEARN.lookMs);
    }
  })();
  const client = async (): Promise<void> => {
    while (performance.now() < untilMs) {
      // There is always something to do, and nothing waits for long.
      if (accepted.length - ended > LEARN.mostOpen) await sleep(TICK_MS);
      else await submitOne();
    }
  };
  await Promise.all(Array.from({ length: LEARN.clients }, client));
  await looking;
  return Math.max(1, ended / (LEARN.ms / 1_000));
}

async function flood({ submitOne, onItsWay }: Submissions, aSecond: number, untilMs: number): Promise<void> {
  const beganMs = performance.now();
  for (let sent = 0; performance.now() < untilMs; ) {
    const due = ((performance.now() - beganMs) / 1_000) * aSecond;
    for (; sent < due && onItsWay() < MOST_AT_ONCE; sent += 1) void submitOne();
    // What could not be sent is not made up for: it would come as one wave.
    sent = Math.max(sent, Math.floor(due));
    await sleep(TICK_MS);
  }
}

async function untilAllEnded({ accepted, onItsWay }: Submissions, look: Look): Promise<number | null> {
  const overMs = performance.now();
  while (performance.now() - overMs < LATEST_MS) {
    if (onItsWay() === 0 && (await look()).ended >= accepted.length) return performance.now() - overMs;
    await sleep(500);
  }
  return null;
}

async function lostOf(client: pg.Client, runIds: readonly string[]): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int as n from unnest($1::uuid[]) as a(run_id)
      where not exists (select from baton.event e where e.run_id = a.run_id and e.type = 'RunSucceeded')`,
    [runIds],
  );
  return rows[0]?.n ?? runIds.length;
}
