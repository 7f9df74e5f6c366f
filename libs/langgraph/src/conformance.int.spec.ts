import { randomUUID } from 'node:crypto';
import { eventStoreMigrations } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import { afterAll, beforeAll, inject } from 'vitest';
import type { BatonCheckpointSaver } from './baton-checkpoint-saver.js';
import { openThreads, type Threads } from './open-threads.js';
import { describeConformance } from './testing/conformance.js';

let database: TestDatabase;
const opened = new Map<BatonCheckpointSaver, Threads>();
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations]);
});
afterAll(() => database?.drop());

describeConformance({
  checkpointerName: 'threads of their own',
  createCheckpointer: async () => {
    const threads = await openThreads({ space: `kit-${randomUUID()}`, env: { DATABASE_URL: database.url } });
    opened.set(threads.checkpointer, threads);
    return threads.checkpointer;
  },
  destroyCheckpointer: async (checkpointer) => opened.get(checkpointer)?.close(),
});
