import { setTimeout as sleep } from 'node:timers/promises';
import { Verification } from '@baton/contracts';
import { type CrowdSaw, crowd, lostRuns, Stack, until } from '@baton/test-stack';
import { type BenchResult, quantile, table } from '../result.js';

export interface ClientsOptions {
  readonly clients: number;
  readonly seconds: number;
  readonly random: () => number;
  readonly say: (text: string) => void;
}

const VICTIMS = ['gateway', 'orchestrator'] as const;
/** Between two kills: long enough for the victim to be back and at work. */
const PAUSE_MS = { least: 4_000, most: 8_000 };
const CALM_MS = 300_000;

/**
 * Clients that submit and list while gateway and orchestrator are killed in turn. Every 202 must be a run in the log that ends,
 * and nobody may be told anything but that, or to try again. @returns the exit code
 */
export async function chaosOfClients({ clients, seconds, random, say }: ClientsOptions): Promise<number> {
  const env = { BATON_RATE_PER_KEY: '0', BATON_RATE_PER_ADDRESS: '0' };
  const stack = await Stack.start({ env, args: ['--only', 'gateway,orchestrator'] });
  try {
    let kills = 0;
    const end = performance.now() + seconds * 1000;
    const killing = (async () => {
      for (;;) {
        await sleep(PAUSE_MS.least + random() * (PAUSE_MS.most - PAUSE_MS.least));
        if (performance.now() > end) return;
        await stack.kill(VICTIMS[kills % VICTIMS.length] ?? 'gateway');
        kills += 1;
      }
    })();
    const saw = await crowd(stack, { clients, seconds });
    await killing;
    say(`calm after ${kills} kills; ${saw.accepted.length} runs were accepted`);
    await until(() => stack.isReady(), 'the gateway to be back', 60_000);
    const problems = [...saw.wrong];
    let lost: readonly string[] = saw.accepted;
    await until(
      async () => {
        lost = await lostRuns(stack, saw.accepted);
        return lost.length === 0;
      },
      'every accepted run to be in the log, and to end',
      CALM_MS,
      2_000,
    ).catch(() => problems.push(`${lost.length} accepted runs are not in the log, or have not ended`));
    const verification = Verification.parse(await stack.api('/v1/audit/verify'));
    if (!verification.verified) problems.push(`the log: ${verification.problem}`);
    for (const problem of problems.slice(0, 20)) say(problem);
    for (const [what, times] of saw.refused) say(`refused ${times} times: ${what}`);
    for (const line of table(figures(saw, clients))) process.stdout.write(`${line}\n`);
    return problems.length === 0 ? 0 : 1;
  } finally {
    await stack.stop();
  }
}

function figures({ acceptedMs, listedMs }: CrowdSaw, clients: number): readonly BenchResult[] {
  const asked: Readonly<Record<string, readonly number[]>> = { 'POST /v1/runs': acceptedMs, 'GET /v1/runs': listedMs };
  return Object.entries(asked).map(([name, values]) => {
    const sorted = values.toSorted((a, b) => a - b);
    return {
      name: `${name}, ${clients} clients, under kills`,
      unit: 'ms',
      median: quantile(sorted, 0.5),
      p99: quantile(sorted, 0.99),
      runs: sorted.length,
    };
  });
}
