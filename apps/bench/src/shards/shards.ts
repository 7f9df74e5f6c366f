import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool, verifyLog } from '@baton/event-store';
import { createTestDatabase } from '@baton/event-store/testing';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@baton/service-kit';
import { cpuOfFamily } from '../profile/process-times.js';
import { type BenchResult, figure } from '../result.js';
import { writeAtOnce } from './writers.js';

/** Turns that go into one append: of a quiet hub, and of hubs that have much to do. */
const BATCHES = [1, 20, 100] as const;
const ROUNDS = 3;

/** Where the logs are that writers append to: one entry a writer, each the number of a server and of a log on it. */
interface Arrangement {
  readonly name: string;
  readonly writers: readonly { readonly server: number; readonly log: number }[];
}

const arrangementsOf = (shards: number): readonly Arrangement[] => {
  const all = Array.from({ length: shards }, (_, n) => n);
  return [
    { name: 'one log, one hub', writers: [{ server: 0, log: 0 }] },
    { name: `one log, ${shards} hubs`, writers: all.map(() => ({ server: 0, log: 0 })) },
    { name: `${shards} logs in one server, a hub each`, writers: all.map((n) => ({ server: 0, log: n })) },
    { name: `${shards} logs, a server and a hub each`, writers: all.map((n) => ({ server: n, log: 0 })) },
  ];
};

/**
 * What appends cost with one sequencer and with several, on servers with their real durability settings. Every arrangement is
 * measured in each round, so that what else the machine does meets all of them; each has logs of its own, which are verified
 * afterwards. The kernel of this machine may answer a commit sooner than a disk far away, or a standby, would.
 */
export async function benchShards(
  { shards, seconds, commitMs }: ShardsOptions,
  say: (text: string) => void,
): Promise<readonly BenchResult[]> {
  const servers: EmbeddedPostgres[] = [];
  try {
    for (let n = 0; n < shards; n += 1) {
      servers.push(await startEmbeddedPostgres({ dataDir: join(tmpdir(), `postgres-shard-${n}`), log: () => {} }));
    }
    const results: BenchResult[] = [];
    for (const turnsInBatch of BATCHES) {
      const readings = new Map<string, Reading[]>();
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const arrangement of arrangementsOf(shards)) {
          const reading = await measure(arrangement, servers, { turnsInBatch, seconds, commitMs });
          say(`${turnsInBatch} a batch, ${arrangement.name}: ${Math.round(reading.turns)} turns/s`);
          readings.set(arrangement.name, [...(readings.get(arrangement.name) ?? []), reading]);
        }
      }
      for (const [name, of] of readings) {
        const commit = commitMs === null ? '' : `, a commit ${commitMs} ms later`;
        const title = `${turnsInBatch === 1 ? '1 turn' : `${turnsInBatch} turns`} a batch${commit}, ${name}`;
        results.push(
          figure(
            title,
            'turns/s',
            of.map(({ turns }) => turns),
          ),
        );
        results.push(
          figure(
            `${title}: of a core in Postgres`,
            '%',
            of.map(({ busy }) => busy * 100),
          ),
        );
      }
    }
    return results;
  } finally {
    for (const server of servers) await server.stop();
  }
}

export interface ShardsOptions {
  readonly shards: number;
  readonly seconds: number;
  /** Every commit takes so much longer, as with a synchronous standby; null: as it is. */
  readonly commitMs: number | null;
}

interface Reading {
  /** A second, of all writers together. */
  readonly turns: number;
  /** CPU time of all servers together, a second. */
  readonly busy: number;
}

async function measure(
  { writers }: Arrangement,
  servers: readonly EmbeddedPostgres[],
  { commitMs, ...load }: { readonly turnsInBatch: number } & Pick<ShardsOptions, 'seconds' | 'commitMs'>,
): Promise<Reading> {
  const databases = new Map<string, Awaited<ReturnType<typeof createTestDatabase>>>();
  try {
    const urls: string[] = [];
    for (const { server, log } of writers) {
      const key = `${server}/${log}`;
      const known = databases.get(key);
      const made = known ?? (await createTestDatabase(servers[server]?.url ?? ''));
      if (known === undefined && commitMs !== null) await commitLater(made.url, commitMs);
      databases.set(key, made);
      urls.push(made.url);
    }
    const before = await cpuOf(servers);
    const beganMs = performance.now();
    const each = await writeAtOnce({ urls, ...load });
    const seconds = (performance.now() - beganMs) / 1_000;
    const busy = ((await cpuOf(servers)) - before) / 1_000 / seconds;
    for (const { url } of databases.values()) await assertSound(url);
    return { turns: each.reduce((sum, turns) => sum + turns, 0), busy };
  } finally {
    for (const made of databases.values()) await made.drop();
  }
}

/** Postgres itself waits before it writes, and those who commit meanwhile wait together: as they would for a disk. */
async function commitLater(url: string, ms: number): Promise<void> {
  const pool = createPool(url, { role: 'owner', applicationName: 'baton-bench', max: 1 });
  try {
    const { rows } = await pool.query<{ name: string }>('select current_database() as name');
    for (const setting of [`commit_delay = ${ms * 1_000}`, 'commit_siblings = 0']) {
      await pool.query(`alter database ${rows[0]?.name} set ${setting}`);
    }
  } finally {
    await pool.end();
  }
}

async function cpuOf(servers: readonly EmbeddedPostgres[]): Promise<number> {
  const each = await Promise.all(servers.map(({ pid }) => cpuOfFamily(pid)));
  return each.reduce((sum, family) => sum + [...family.values()].reduce((all, ms) => all + ms, 0), 0);
}

/** No gap in the positions of each log, none in the versions of its runs, every hash as it was written. */
async function assertSound(url: string): Promise<void> {
  const pool = createPool(url, { role: 'owner', applicationName: 'baton-bench', max: 2 });
  try {
    const { verified, problem } = await verifyLog(pool);
    if (!verified) throw new Error(`a log did not verify: ${problem}`);
  } finally {
    await pool.end();
  }
}
