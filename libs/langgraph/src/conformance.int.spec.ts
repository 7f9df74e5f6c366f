import { randomUUID } from 'node:crypto';
import { createPool, eventStoreMigrations, getBytes, journalRead, journalWrite, putBytes } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import { afterAll, beforeAll, inject } from 'vitest';
import { BatonCheckpointSaver } from './baton-checkpoint-saver.js';
import { journalStore } from './journal-store.js';
import { openThreads, type Threads } from './open-threads.js';
import { describeConformance } from './testing/conformance.js';

let database: TestDatabase;
let pool: ReturnType<typeof createPool>;
const opened = new Map<BatonCheckpointSaver, Threads>();
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations]);
  pool = createPool(database.url, { role: 'owner', applicationName: 'langgraph-spec' });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

describeConformance({
  checkpointerName: 'threads of their own',
  createCheckpointer: async () => {
    const threads = await openThreads({ space: `kit-${randomUUID()}`, env: { DATABASE_URL: database.url } });
    opened.set(threads.checkpointer, threads);
    return threads.checkpointer;
  },
  destroyCheckpointer: async (checkpointer) => opened.get(checkpointer)?.close(),
});

describeConformance({
  checkpointerName: 'the journal of a task',
  createCheckpointer: () => {
    const commandId = `${randomUUID()}-1`;
    const journal = {
      read: (index: number) => journalRead(pool, commandId, index),
      write: (index: number, entry: Parameters<typeof journalWrite>[3]) => journalWrite(pool, commandId, index, entry),
    };
    const blobs = {
      put: (bytes: Buffer) => putBytes(pool, bytes),
      get: (sha256: string) => getBytes(pool, sha256),
    };
    return new BatonCheckpointSaver({ store: journalStore(journal, blobs), blobs });
  },
});
