import { randomUUID } from 'node:crypto';
import { initialState } from '@baton/workflow';
import { expect, test } from 'vitest';
import type { HubMessage } from './message.js';
import { emptySegment } from './segment.js';
import { decideInto, openTurn } from './turn.js';

const clock = { nowMs: () => 0, monotonicMs: () => 0 };
const document = {
  name: 'waits',
  version: '1.0.0',
  title: 'Waits',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'A',
    States: { A: { Type: 'Task', Resource: 'baton:signal:other', End: true } },
  },
};

test('a request that comes by two ways at once has its effect once', async () => {
  const runId = randomUUID();
  const about = (requestId: string, command: HubMessage['command']): HubMessage => ({
    ...{ runId, command, requestId, causationId: requestId },
    actor: { type: 'user', id: 'tester' },
  });
  const submission = { requestId: 'start', runId, workflow: 'waits', input: {} };
  const signal = (requestId: string) =>
    about(requestId, { type: 'SignalRun', requestId, runId, name: 'go', data: requestId });
  const turn = openTurn(runId, { state: initialState, version: 0, segment: emptySegment });
  const told = [
    about('start', { type: 'StartRun', submission, document, sha256: 'a'.repeat(64) }),
    ...['one', 'one', 'two', 'one'].map(signal),
  ];
  const effects: boolean[] = [];
  for (const message of told) effects.push(await decideInto(turn, message, clock));
  expect(effects).toEqual([true, true, false, true, false]);
  expect(turn.state).toMatchObject({ signals: [{ data: 'one' }, { data: 'two' }] });
});
