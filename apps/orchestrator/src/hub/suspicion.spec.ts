import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { answerOf, givenBatcher, startOf } from '../testing/given-batcher.js';
import { Batcher } from './batching/batcher.js';
import type { HubMessage } from './message.js';

const suspected = (message: HubMessage): HubMessage => ({ ...message, suspectAs: `request ${message.causationId}` });

function givenStore(isInnocent: boolean) {
  const given = givenBatcher();
  const notes: string[] = [];
  const store = {
    ...given.ports.store,
    beginSuspect: async ({ key }: { readonly key: string }) => {
      notes.push(`begin ${key}`);
      return isInnocent;
    },
    clearSuspect: async (key: string) => void notes.push(`clear ${key}`),
  };
  return { ...given, notes, batcher: new Batcher({ ...given.ports, store }) };
}

test('a suspect is decided by itself, between its note and the end of it', async () => {
  const { batcher, appended, notes } = givenStore(true);
  const messages = [startOf(randomUUID()), suspected(startOf(randomUUID())), startOf(randomUUID())];
  await Promise.all(messages.map((message) => batcher.handle(message)));
  expect(appended.map((items) => items.length)).toEqual([1, 1, 1]);
  expect(notes.map((note) => note.split(' ')[0])).toEqual(['begin', 'clear']);
});

test('a beginning that ended its processes is begun and held, and can be cancelled', async () => {
  const { batcher, appended } = givenStore(false);
  const runId = randomUUID();
  expect(await batcher.handle(suspected(startOf(runId)))).toBe('committed');
  expect(appended[0]?.[0]?.events.map(({ type }) => type)).toEqual(['RunStarted', 'FrameStarted', 'RunPaused']);
  expect(appended[0]?.[0]?.requests).toEqual([`start ${runId}`]);
  const order = { type: 'CancelRun', requestId: 'cancel', reason: 'no' } as const;
  const actor = { type: 'user', id: 'tester' } as const;
  expect(await batcher.handle({ runId, order, actor, causationId: 'cancel', requestId: 'cancel' })).toBe('committed');
});

test('any other message that ended its processes is put aside, for a person to look at', async () => {
  const { batcher, parked } = givenStore(false);
  const runId = randomUUID();
  expect(await batcher.handle(suspected(answerOf(runId, 1)))).toBe('put-aside');
  expect(parked).toMatchObject([{ error: { code: 'ended-its-process' } }]);
});
