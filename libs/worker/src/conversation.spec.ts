import type { Json } from '@baton/contracts';
import { expect, test } from 'vitest';
import { AsksPerson, conversationOf } from './conversation.js';
import { joinedJournal, type TaskJournal } from './joined-journal.js';

const task = { commandId: 'second', runId: 'r', state: 'Ask', attempt: 1, arguments: null };
const questionOf = (ask: () => unknown): unknown => {
  try {
    return ask();
  } catch (thrown) {
    return thrown instanceof AsksPerson ? thrown.result : thrown;
  }
};

function journals() {
  const own = new Map<number, Json>();
  const journal: TaskJournal = {
    read: async (index) => own.get(index) ?? null,
    write: async (index, entry) => void own.set(index, entry),
  };
  return { own, journal };
}

test('a question ends the task, and says how much of its own journal the next one goes on from', async () => {
  const { own, journal } = journals();
  const before = [{ commandId: 'first', entries: 2 }];
  const conversation = conversationOf({ ...task, continues: before, questions: 1 }, (_, continues) =>
    joinedJournal(continues, journal, async (_earlier, index) => `said ${index}`),
  );
  expect(conversation).toMatchObject({ begunBy: 'first', before: 2, questions: 1, answer: undefined });
  expect(await conversation.journal.read(1)).toBe('said 1');
  await conversation.journal.write(2, 'third');
  expect([...own]).toEqual([[0, 'third']]);
  expect(questionOf(() => conversation.ask({ text: 'Which one?', choices: ['a', 'b'] }))).toEqual({
    ok: false,
    error: 'Baton.AsksPerson',
    cause: 'Which one?',
    retryable: false,
    asks: { text: 'Which one?', choices: ['a', 'b'], entries: 1 },
  });
});

test('what a delivery before has noted counts, and the first task of all is the one that began', async () => {
  const { own, journal } = journals();
  own.set(0, 'noted').set(1, 'noted');
  const conversation = conversationOf(task, () => journal);
  expect(conversation.begunBy).toBe('second');
  for (const index of [0, 1, 2]) await conversation.journal.read(index);
  expect(questionOf(() => conversation.ask({ text: 'So?' }))).toMatchObject({ asks: { entries: 2 } });
});
