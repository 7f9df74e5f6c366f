import { setTimeout as sleep } from 'node:timers/promises';
import { publish, REPORT, type Stack, type Submission, submit, until } from '@baton/test-stack';
import pg from 'pg';
import { z } from 'zod';
import { chainOf } from '../../chain.js';

const TASKS = 8;
/** Of the runs so many are accepted when the strike comes, by lot: some are at their beginning, some in the middle. */
const STRUCK_AT = { least: 0.25, most: 1 };
const ALL_ENDED_MS = 180_000;
const END = ['RunSucceeded', 'RunFailed', 'RunCancelled'];

const CHAIN = chainOf('takeover-chain', TASKS, 'quick');

/** What is submitted, and how often at once. */
export interface Load {
  readonly submission: Submission;
  readonly runs: number;
}

/** For a worker that does nothing, which is another process. */
export const CHAINS: Load = { submission: { workflow: CHAIN.name, input: {} }, runs: 40 };
/** For the worker that asks a model, the offline one. */
export const REPORTS: Load = { submission: REPORT, runs: 12 };

const Row = z.object({ run_id: z.string(), first_ms: z.number().nullable(), is_over: z.boolean() });

/** How one run was struck. */
interface Stall {
  readonly runId: string;
  readonly ms: number;
}

/** Many runs at once, and a strike in the middle; what of them stands still, and for how long. */
export class Burst {
  private constructor(
    private readonly stack: Stack,
    private readonly client: pg.Client,
    private readonly load: Load,
  ) {}

  static async open(stack: Stack, load: Load): Promise<Burst> {
    if (load === CHAINS) await publish(stack, CHAIN);
    const client = new pg.Client({ connectionString: await stack.ownerUrl() });
    client.on('error', () => {});
    await client.connect();
    return new Burst(stack, client, load);
  }

  close(): Promise<void> {
    return this.client.end();
  }

  /** The time from the strike to the next event of the run that stood still for longest. Waits until all have ended. */
  async longestStall(random: () => number, strike: () => Promise<void>): Promise<Stall> {
    const { submission, runs } = this.load;
    const acceptedAtMs = new Map<string, number>();
    const submitting = Promise.all(
      Array.from({ length: runs }, async () => {
        const runId = await submit(this.stack, submission);
        acceptedAtMs.set(runId, Date.now());
      }),
    );
    const enough = runs * (STRUCK_AT.least + random() * (STRUCK_AT.most - STRUCK_AT.least));
    while (acceptedAtMs.size < Math.floor(enough)) await sleep(1);
    await strike();
    const atMs = Date.now();
    await submitting;
    let rows: readonly z.infer<typeof Row>[] = [];
    await until(
      async () => {
        rows = await this.#after(atMs, [...acceptedAtMs.keys()]);
        return rows.length === runs && rows.every(({ is_over }) => is_over);
      },
      'all runs to end',
      ALL_ENDED_MS,
      300,
    ).catch((thrown: unknown) => {
      throw new Error(`${String(thrown)}: ${JSON.stringify(rows.filter(({ is_over }) => !is_over))}`);
    });
    const stalls = rows.flatMap(({ run_id, first_ms }) =>
      first_ms === null ? [] : [{ runId: run_id, ms: first_ms - Math.max(atMs, acceptedAtMs.get(run_id) ?? atMs) }],
    );
    return stalls.reduce((longest, each) => (each.ms > longest.ms ? each : longest), { runId: '', ms: 0 });
  }

  async #after(atMs: number, runIds: readonly string[]): Promise<readonly z.infer<typeof Row>[]> {
    const { rows } = await this.client.query(
      `select run_id::text,
              (extract(epoch from min(recorded_at) filter (where recorded_at > to_timestamp($2::float8 / 1000))) * 1000)::float8 as first_ms,
              bool_or(type = any($3)) as is_over
         from baton.event where run_id = any($1::uuid[]) group by run_id`,
      [runIds, atMs, END],
    );
    return z.array(Row).parse(rows);
  }
}
