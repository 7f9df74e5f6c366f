import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { copyPostgresTemplate } from '../../testing/postgres-template.js';
import { removeEmbeddedPostgres } from '../cluster.js';
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from '../embedded-postgres.js';
import { postgresProcessesIn, waitUntil } from '../process-facts.js';

export const isRoot = process.getuid?.() === 0;

const OwnerLine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), url: z.string(), pid: z.int() }),
  z.object({ type: z.literal('refused'), code: z.string() }),
  z.object({ type: z.literal('exited'), code: z.int().nullable(), signal: z.string().nullable() }),
  z.object({ type: z.literal('broken'), error: z.string() }),
]);
type OwnerLine = z.infer<typeof OwnerLine>;

/** A fresh folder that everybody may enter; the test's end removes it, and what root moved elsewhere for it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-embedded-'));
  chmodSync(folder, 0o755);
  onTestFinished(async () => {
    // The server of an owner that the test killed is still shutting down.
    await waitUntil(() => postgresProcessesIn(join(folder, 'data')).length === 0, 10_000);
    removeEmbeddedPostgres(folder);
  });
  return folder;
}

/** A folder that has been started in before, for tests of what comes after a first start. */
export function initialisedFolder(): string {
  const folder = temporaryFolder();
  copyPostgresTemplate(folder, true);
  return folder;
}

/** Starts Postgres in this process and stops it at the end of the test. */
export async function start(
  dataDir: string,
  options: Partial<EmbeddedPostgresOptions> = {},
): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => {}, ...options });
  onTestFinished(() => postgres.stop());
  return postgres;
}

export interface Owner {
  readonly process: ChildProcess;
  next(): Promise<OwnerLine>;
}

/** Starts another process that owns a Postgres, as another user if asked. */
export function startOwner(dataDir: string, account: { uid?: number; gid?: number } = {}): Owner {
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const loader = here('../../../../../scripts/testing/run-source.mjs');
  const child = spawn(
    process.execPath,
    [
      '--conditions=@baton/source',
      '--disable-warning=ExperimentalWarning',
      '--import',
      loader,
      here('owner.ts'),
      dataDir,
    ],
    { ...account, cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    next: async () => {
      const line = await lines.next();
      if (line.done === true) throw new Error('the owner ended without a word');
      return OwnerLine.parse(JSON.parse(line.value));
    },
  };
}

/** Kills a process the hard way and waits until it is gone. */
export async function killHard(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Runs one statement on a connection of its own. */
export async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
