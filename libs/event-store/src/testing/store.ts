import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { AppendItem, NewCommand, NewEvent } from '../batch.js';
import { claimLane, type Lane } from '../lanes.js';

/** Builders for tests: everything has a sensible value, the test names what it is about. */
export const anEvent = (overrides: Partial<NewEvent> = {}): NewEvent => ({
  eventId: randomUUID(),
  type: 'SomethingHappened',
  schemaVersion: 1,
  causationId: 'cause',
  correlationId: null,
  recordedAt: '2026-01-02T03:04:05.678Z',
  actor: { type: 'system', id: 'test' },
  data: { text: 'naïve – ünïcode 🚀', n: 1 },
  ...overrides,
});

export const aCommand = (commandId: string, overrides: Partial<NewCommand> = {}): NewCommand => ({
  commandId,
  queue: 'worker-test',
  name: 'task',
  message: { hello: 'world' },
  priority: 1,
  notBefore: null,
  deadline: null,
  heartbeatSeconds: null,
  ...overrides,
});

export const anItem = (runId: string, overrides: Partial<AppendItem> = {}): AppendItem => ({
  runId,
  expectedVersion: 0,
  events: [anEvent()],
  consume: [],
  requests: [],
  commands: [],
  ended: false,
  parentCommand: null,
  ...overrides,
});

export async function aLane(pool: Pool, owner = 'test'): Promise<Lane> {
  const lane = await claimLane(pool, owner, 60_000);
  if (lane === null) throw new Error('no free lane: release those of earlier tests');
  return lane;
}
