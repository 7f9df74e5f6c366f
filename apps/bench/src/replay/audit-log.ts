import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogMigrations } from '@baton/catalog';
import { eventStoreMigrations, migrate } from '@baton/event-store';
import { prepareQueues } from '@baton/messaging';
import { notificationsMigrations } from '@baton/notifications';
import { readModelMigrations } from '@baton/read-model';
import { freePort } from '@baton/service-kit';
import { ROOT, until } from '@baton/test-stack';
import type { Pool } from 'pg';
import { z } from 'zod';

const Checkpoint = z.object({ waiting: z.int(), checkpoint: z.string().nullable() });
const Verified = z.object({ verified: z.boolean(), events: z.int(), problem: z.string().nullable() });

/** Views of a long log are folded, and it is signed, before it is verified as it is in operation. */
const READY_MS = 1_800_000;

/**
 * What `baton audit verify` waits for, in seconds: a gateway on the log folds its views and signs it, and then reads all of it
 * again and holds it against what was published.
 */
export async function auditedInSeconds(
  pool: Pool,
  url: string,
  rounds: number,
  say: (text: string) => void,
): Promise<readonly number[]> {
  const home = await mkdtemp(join(tmpdir(), 'baton-bench-audit-'));
  const config = { backend: 'postgres', url } as const;
  await migrate(url, [eventStoreMigrations, catalogMigrations, readModelMigrations, notificationsMigrations]);
  await prepareQueues(config);
  const port = await freePort();
  const token = randomUUID();
  const gateway = spawn(process.execPath, [join(ROOT, 'apps/gateway/dist/main.js')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      DATABASE_URL: url,
      BATON_PORT: String(port),
      BATON_TOKEN: token,
      BATON_HOME: home,
      BATON_CHECKPOINTS: join(home, 'checkpoints'),
      BATON_LOG: 'warn',
    },
  });
  const ask = async (path: string): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${token}` } });
    return answer.json();
  };
  try {
    say('views are folded and the log is signed …');
    await until(() => isUpToDate(pool, ask), 'a gateway that is up to date', READY_MS);
    const seconds: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const beganMs = performance.now();
      const { verified, problem } = Verified.parse(await ask('/v1/audit/verify'));
      seconds.push((performance.now() - beganMs) / 1_000);
      if (!verified) throw new Error(`the log did not verify: ${problem}`);
      say(`audited: ${seconds.at(-1)?.toFixed(1)} s`);
    }
    return seconds;
  } finally {
    gateway.kill('SIGTERM');
    if (gateway.exitCode === null) await once(gateway, 'exit');
    await rm(home, { recursive: true, force: true });
  }
}

async function isUpToDate(pool: Pool, ask: (path: string) => Promise<unknown>): Promise<boolean> {
  const { rows } = await pool.query<{ is_folded: boolean }>(
    `select (select position from baton.run_view_cursor) >= (select max(position) from baton.event) as is_folded`,
  );
  if (rows[0]?.is_folded !== true) return false;
  const signed = Checkpoint.safeParse(await ask('/v1/audit/checkpoint').catch(() => null));
  return signed.success && signed.data.checkpoint !== null && signed.data.waiting === 0;
}
