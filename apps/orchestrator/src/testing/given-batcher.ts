import { commandIdOf, type JsonObject } from '@baton/contracts';
import type { AppendItem, Conflict } from '@baton/event-store';
import { createLogger } from '@baton/service-kit';
import { emptySegment, initialState } from '@baton/workflow';
import { Batcher } from '../hub/batching/batcher.js';
import type { BatcherPorts } from '../hub/batching/batcher-ports.js';
import type { VersionedRun } from '../hub/hub-store.js';
import type { HubMessage } from '../hub/message.js';

const document = {
  name: 'two-tasks',
  version: '1.0.0',
  title: 'Two tasks',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'A',
    States: {
      A: { Type: 'Task', Resource: 'baton:worker:a', Arguments: { big: '{% $states.input.big %}' }, Next: 'B' },
      B: { Type: 'Task', Resource: 'baton:worker:b', End: true },
    },
  },
};

export const startOf = (
  runId: string,
  requestId = `start ${runId}`,
  input: JsonObject = { big: 'no' },
): HubMessage => ({
  runId,
  order: { type: 'StartRun', submission: { requestId, runId, workflow: 'two-tasks', input }, document, sha256: 'x' },
  actor: { type: 'system', id: 'test' },
  causationId: requestId,
  requestId,
});

export const answerOf = (runId: string, ordinal: number): HubMessage => ({
  runId,
  order: { type: 'CompleteTask', commandId: commandIdOf(runId, ordinal), output: {} },
  actor: { type: 'agent', id: 'test' },
  causationId: 'answer',
});

/** A batcher over a store that only remembers, so that a test can say what the next append answers. */
export function givenBatcher(answers: readonly (readonly Conflict[])[] = []) {
  const appended: (readonly AppendItem[])[] = [];
  const dispatched: string[] = [];
  const parked: { readonly message: HubMessage; readonly error: Error }[] = [];
  const blobs: string[] = [];
  const runs = new Map<string, VersionedRun>();
  const conflictsToCome = [...answers];
  const store: BatcherPorts['store'] = {
    loadRun: async (runId) => runs.get(runId) ?? { state: initialState, version: 0, segment: emptySegment },
    append: async (_, items) => {
      appended.push(items);
      const conflicts = conflictsToCome.shift() ?? [];
      if (conflicts.length > 0) return { ok: false, conflicts };
      let seq = 0;
      const rows = items.flatMap(({ runId, commands }) =>
        commands.map((command) => ({
          ...command,
          runId,
          seq: ++seq,
          lane: 0,
          dispatchNo: 0,
          createdAt: '2026-01-01T00:00:00Z',
          waitMs: 0,
        })),
      );
      return { ok: true, firstPosition: 1, commands: rows };
    },
    putBlob: async (text) => ({ sha256: 'f'.repeat(64), size: blobs.push(text) }),
    beginSuspect: async () => true,
    clearSuspect: async () => {},
    park: async (message, error) => void parked.push({ message, error }),
  };
  const ports: BatcherPorts = {
    store,
    dispatchedSeq: () => 0,
    dispatch: (commands) => dispatched.push(...commands.map(({ commandId }) => commandId)),
    nowMs: () => Date.parse('2026-01-01T00:00:00Z'),
    monotonicMs: () => performance.now(),
    log: createLogger({ name: 'test', level: 'silent' }),
  };
  return { batcher: new Batcher(ports), ports, runs, appended, dispatched, parked, blobs };
}
