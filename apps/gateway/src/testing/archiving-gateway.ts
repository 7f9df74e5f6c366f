import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '@baton/contracts';
import { archivedTotals, createPool, setArchiveRule } from '@baton/event-store';
import { runStarted } from '@baton/read-model/testing';
import type { Pool } from 'pg';
import { expect } from 'vitest';
import { startTestGateway, type TestGateway } from './test-gateway.js';

/** A gateway that signs, and that archives what has ended at once, where it is told to. */
export interface ArchivingGateway {
  readonly gateway: TestGateway;
  readonly home: string;
  /** The owner of the database. */
  readonly owner: Pool;
  /** Where archives lie. */
  readonly folder: string;
  /** The archives, by their names. */
  files(): Promise<readonly string[]>;
  /** Until the views have all that the log has. */
  folded(): Promise<void>;
  endedRun(labels?: Readonly<Record<string, string>>, output?: Json): Promise<string>;
  /** What is due is put away. */
  passed(): Promise<void>;
  /** Once all of it is signed and folded, what is due is put away: so many runs. */
  archived(runs: number): Promise<void>;
  count(table: string): Promise<number>;
  stop(): Promise<void>;
}

export async function startArchivingGateway(postgresUrl: string): Promise<ArchivingGateway> {
  const home = await mkdtemp(join(tmpdir(), 'baton-archive-'));
  const gateway = await startTestGateway(postgresUrl, {
    checkpoints: { BATON_HOME: home, BATON_CHECKPOINTS: undefined, BATON_CHECKPOINT_SECONDS: 3_600 },
  });
  const owner = createPool(gateway.databaseUrl, { role: 'owner', max: 2, applicationName: 'test-owner' });
  await setArchiveRule(owner, 0);
  const folder = join(home, 'archive');
  const isFolded = async (): Promise<boolean> => {
    const sql = 'select position = (select head from baton.log) as is_folded from baton.run_view_cursor';
    return (await owner.query(sql)).rows[0].is_folded;
  };
  // The gateway archives by itself now and then, and who comes meanwhile is told to wait for it: one of both puts away the rest.
  const passed = (): Promise<void> => expect.poll(async () => (await gateway.post('/v1/archive')).status).toBe(200);
  return {
    ...{ gateway, home, owner, folder },
    files: async () =>
      (await readdir(folder, { recursive: true }).catch(() => [])).filter((name) => name.includes('.jsonl.gz')).sort(),
    endedRun: async (labels = {}, output = {}) => {
      const runId = randomUUID();
      await gateway.log.append(runId, runStarted({ labels: { ...labels } }), {
        type: 'RunSucceeded',
        data: { output },
      });
      return runId;
    },
    folded: () => expect.poll(isFolded).toBe(true),
    passed,
    archived: async (runs) => {
      const before = (await archivedTotals(owner)).runs;
      await gateway.get('/v1/audit/export');
      await expect.poll(isFolded).toBe(true);
      await passed();
      await expect.poll(async () => (await archivedTotals(owner)).runs - before).toBe(runs);
    },
    count: async (table) => Number((await owner.query(`select count(*) as n from baton.${table}`)).rows[0].n),
    stop: async () => {
      await owner.end();
      await gateway.stop();
      await rm(home, { recursive: true });
    },
  };
}
