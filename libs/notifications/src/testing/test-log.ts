import { randomUUID } from 'node:crypto';
import { appendBatch, claimLane, createPool, type NewEvent } from '@baton/event-store';
import type { RunEvent, RunEventOf } from '@baton/workflow';
import { asAppended } from '@baton/workflow/testing';

/** Writes events through append_batch, as the hub does, without deciding anything. */
export interface TestLog {
  /** Begins a run. @returns its id */
  start(facts?: RunFacts): Promise<string>;
  append(runId: string, ...events: readonly WrittenEvent[]): Promise<void>;
  close(): Promise<void>;
}

/** Also one of a type or a shape that the program does not know. */
type WrittenEvent = RunEvent | { readonly type: string; readonly data: object };

/** What webhooks choose runs by. */
interface RunFacts {
  readonly workflow?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

const started: RunEventOf<'RunStarted'> = {
  type: 'RunStarted',
  data: {
    workflow: { name: 'greet', version: '1.2.3', sha256: 'a'.repeat(64) },
    document: {
      name: 'greet',
      version: '1.2.3',
      title: 'A greeting',
      definition: { StartAt: 'Hello', States: { Hello: { Type: 'Succeed' } } },
    },
    input: {},
    requestId: 'request-1',
    submittedBy: { type: 'user', id: 'ada' },
    labels: {},
    priority: 2,
    decisionMode: 'programmatic',
    budget: { usd: null, tokens: null, wallClock: null },
  },
};

export async function openTestLog(url: string): Promise<TestLog> {
  const pool = createPool(url, { role: 'hub', max: 2, applicationName: 'test-log' });
  const lane = await claimLane(pool, 'test-log', 3_600_000);
  if (lane === null) throw new Error('every lane is held');
  const versions = new Map<string, number>();
  const append = async (runId: string, ...events: readonly WrittenEvent[]): Promise<void> => {
    const expectedVersion = versions.get(runId) ?? 0;
    versions.set(runId, expectedVersion + events.length);
    const appended = await appendBatch(pool, lane, 0, [
      {
        runId,
        expectedVersion,
        events: events.map(toNewEvent),
        consume: [],
        requests: [],
        commands: [],
        ended: false,
        parentCommand: null,
      },
    ]);
    if (!appended.ok) throw new Error(`not appended: ${JSON.stringify(appended.conflicts)}`);
  };
  return {
    start: async ({ workflow = 'greet', labels = {} } = {}) => {
      const runId = randomUUID();
      const data = { ...started.data, workflow: { ...started.data.workflow, name: workflow }, labels: { ...labels } };
      await append(runId, { ...started, data });
      return runId;
    },
    append,
    close: () => pool.end(),
  };
}

export const succeeded: RunEvent = { type: 'RunSucceeded', data: { output: { secret: 'of the task' } } };

export const approvalAsked = (runId: string, question: object): RunEvent => ({
  type: 'TaskScheduled',
  data: {
    visit: 0,
    commandId: `${runId}-1`,
    resource: 'baton:approval',
    arguments: JSON.parse(JSON.stringify(question)),
    attempt: 1,
    notBefore: null,
    deadline: '2030-01-01T00:00:00.000Z',
    heartbeatSeconds: null,
  },
});

const toNewEvent = (event: WrittenEvent): NewEvent =>
  asAppended(event, { eventId: randomUUID(), nowMs: Date.now(), actor: { type: 'system', id: 'test' } });
