import { isUtf8 } from 'node:buffer';
import { BatonError, cutFromJson } from '@baton/contracts';
import { assertSchema, createPool, getBytes, putBytes } from '@baton/event-store';
import type { SerializerProtocol } from '@langchain/langgraph-checkpoint';
import { BatonCheckpointSaver } from './baton-checkpoint-saver.js';
import { readThreadsEnv } from './env.js';
import type { CheckpointStore } from './records.js';
import type { Blobs } from './stored-value.js';
import { threadStore } from './thread-store.js';

export interface ThreadsOptions {
  /** Whose threads they are: another space has others of the same names. Workers of users may open any. */
  readonly space: string;
  readonly serde?: SerializerProtocol;
  /** Where DATABASE_URL comes from; else the environment of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Threads that belong to no task, and go on for as long as somebody wants. */
export interface Threads {
  readonly checkpointer: BatonCheckpointSaver;
  readonly close: () => Promise<void>;
}

/** @throws BatonError `invalid-environment`, `graph-space`, `schema-older`, `database-unreachable`, … */
export async function openThreads({ space, serde, env }: ThreadsOptions): Promise<Threads> {
  if (!/^[a-z0-9][a-z0-9.-]{0,62}$/.test(space)) {
    throw new BatonError(`“${space}” cannot be the name of a space.`, {
      code: 'graph-space',
      next: 'Use lower case letters, digits, dots and dashes, at most 63 of them.',
    });
  }
  const { databaseUrl, isPooled, cut } = readThreadsEnv(env);
  const pool = createPool(databaseUrl, { role: 'worker', applicationName: `baton-graph-${space}`, isPooled });
  const blobs: Blobs = {
    put: (bytes) => putBytes(pool, isUtf8(bytes) ? Buffer.from(cut(bytes.toString('utf8'))) : bytes),
    get: (sha256) => getBytes(pool, sha256),
  };
  try {
    await assertSchema(pool);
  } catch (thrown) {
    await pool.end();
    throw thrown;
  }
  const kept = threadStore(pool, space, blobs);
  // What a process knows of secrets is no part of what a graph may keep, as in a journal.
  const store: CheckpointStore = {
    ...kept,
    put: (record) => kept.put(cutFromJson(record, cut)),
    putWrites: (record) => kept.putWrites(cutFromJson(record, cut)),
  };
  return { checkpointer: new BatonCheckpointSaver({ store, blobs }, serde), close: () => pool.end() };
}
