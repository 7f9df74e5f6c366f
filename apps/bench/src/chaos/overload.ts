import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunAccepted, Verification } from '@baton/contracts';
import { publish, type Stack } from '@baton/test-stack';
import pg from 'pg';
import { z } from 'zod';
import { chainOf } from '../chain.js';
import { residentMb } from './resident-mb.js';

const CHAIN = chainOf('overload-chain', 3, 'quick');
/** How much the system gets done is learnt by giving it as much as it takes for so long. */
const LEARN_MS = 15_000;
const LEARN_CLIENTS = 16;
const TIMES = 10;
const LOOK_EVERY_MS = 2_000;
/** What came back within this time has recovered. */
const RECOVERY_MS = 60_000;
const MOST_AT_ONCE = 1_500;
const LATEST_MS = 600_000;

export interface Overload {
  readonly seconds: number;
  readonly say: (text: string) => void;
}

const Counts = z.object({ begun: z.number(), ended: z.number(), waiting: z.number() });
const COUNTS = `select (select count(*) from baton.event where type = 'RunSubmitted')::int as begun,
  (select count(*) from baton.event where type in ('RunSucceeded', 'RunFailed', 'RunCancelled'))::int as ended,
  (select count(*) from baton.inbox)::int as waiting`;

/**
 * Submissions at ten times what the system gets done. It must refuse what it cannot do, with a word when to come again, and lose
 * nothing of what it accepted; its memory must have a bound, and a minute later all must be done. @returns the exit code
 */
export async function overload(stack: Stack, { seconds, say }: Overload): Promise<number> {
  await publish(stack, CHAIN);
  const { BATON_URL: url = '', BATON_TOKEN: token = '' } = (await stack.joinEnv()) ?? {};
  const client = new pg.Client({ connectionString: await stack.ownerUrl() });
  client.on('error', () => {});
  await client.connect();
  const counts = async () => Counts.parse((await client.query(COUNTS)).rows[0]);
  const accepted: string[] = [];
  const answers = new Map<string, number>();
  const slow: number[] = [];
  let withoutWord = 0;

  const submitOne = async (): Promise<number | null> => {
    const askedMs = performance.now();
    try {
      const response = await fetch(`${url}/v1/runs`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'idempotency-key': randomUUID(),
        },
        body: JSON.stringify({ workflow: CHAIN.name, input: {} }),
      });
      const body: unknown = await response.json();
      slow.push(performance.now() - askedMs);
      if (response.status === 202) accepted.push(RunAccepted.parse(body).runId);
      answers.set(String(response.status), (answers.get(String(response.status)) ?? 0) + 1);
      if (response.status === 429 && response.headers.get('retry-after') === null) withoutWord += 1;
      return response.status;
    } catch {
      answers.set('no answer', (answers.get('no answer') ?? 0) + 1);
      return null;
    }
  };

  const learntBefore = await counts();
  const learnUntil = performance.now() + LEARN_MS;
  await Promise.all(
    Array.from({ length: LEARN_CLIENTS }, async () => {
      while (performance.now() < learnUntil) {
        // As many wait as are served in a moment, and no more.
        if (accepted.length - (await counts()).ended > 200) await sleep(20);
        else await submitOne();
      }
    }),
  );
  const aSecond = ((await counts()).ended - learntBefore.ended) / (LEARN_MS / 1_000);
  say(`it ends ${aSecond.toFixed(0)} runs of three tasks a second; ${(aSecond * TIMES).toFixed(0)} are submitted now`);

  const before = residentMb(stack);
  const most = new Map(before);
  const until = performance.now() + seconds * 1_000;
  const watching = (async () => {
    while (performance.now() < until) {
      await sleep(LOOK_EVERY_MS);
      for (const [name, mb] of residentMb(stack)) most.set(name, Math.max(mb, most.get(name) ?? 0));
      const { begun, ended, waiting } = await counts();
      const told = [...answers].map(([answer, times]) => `${answer}: ${times}`).join(', ');
      say(`${told}; begun ${begun}, ended ${ended}, in the inbox ${waiting}`);
    }
  })();
  let isOnItsWay = 0;
  for (let due = performance.now(); performance.now() < until; due += 10) {
    for (let n = 0; n < (aSecond * TIMES) / 100; n += 1) {
      // A client that gets no further answers has no more connections than this either.
      if (isOnItsWay >= MOST_AT_ONCE) break;
      isOnItsWay += 1;
      void submitOne().finally(() => {
        isOnItsWay -= 1;
      });
    }
    await sleep(Math.max(0, due + 10 - performance.now()));
  }
  await watching;
  const overMs = performance.now();
  let recoveredMs: number | null = null;
  while (performance.now() - overMs < LATEST_MS) {
    const { ended } = await counts();
    if (isOnItsWay === 0 && ended >= accepted.length) {
      recoveredMs = performance.now() - overMs;
      break;
    }
    await sleep(500);
  }
  const lost = await lostOf(client, accepted);
  await client.end();
  const { verified, problem } = Verification.parse(await stack.api('/v1/audit/verify'));
  slow.sort((a, b) => a - b);
  const at = (share: number): string => (slow[Math.floor(share * (slow.length - 1))] ?? 0).toFixed(0);
  const memory = [...most]
    .map(([name, mb]) => `${name} ${before.get(name)?.toFixed(0)} → ${mb.toFixed(0)} MB`)
    .join(', ');
  process.stdout.write(
    [
      `${[...answers].map(([answer, times]) => `${answer}: ${times}`).join(', ')}; 429 without Retry-After: ${withoutWord}`,
      `answered within ${at(0.5)} ms (p50), ${at(0.99)} ms (p99), ${at(1)} ms (max)`,
      `resident memory, before and at most: ${memory}`,
      `${accepted.length} accepted, ${lost} of them not ended; all done ${recoveredMs === null ? 'never' : `${(recoveredMs / 1_000).toFixed(1)} s`} after the last submission`,
      `the log ${verified ? 'verifies' : problem}`,
      '',
    ].join('\n'),
  );
  const isWell = lost === 0 && withoutWord === 0 && verified && recoveredMs !== null && recoveredMs <= RECOVERY_MS;
  return isWell ? 0 : 1;
}

async function lostOf(client: pg.Client, runIds: readonly string[]): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int as n from unnest($1::uuid[]) as a(run_id)
      where not exists (select from baton.event e where e.run_id = a.run_id and e.type = 'RunSucceeded')`,
    [runIds],
  );
  return rows[0]?.n ?? runIds.length;
}
