import { BatonErrorName, type TaskAnswer, TerminalError } from '@baton/contracts';
import { joinedJournal } from '@baton/worker';
import { memoryStore } from '@baton/workspace/testing';
import { expect, test } from 'vitest';
import { deliver, longScript } from './testing/deliver.js';
import { journalInMemory, type ScriptedAnswer, scriptedModel } from './testing/scripted-conversation.js';

const ask = (text: string) => ({ name: 'ask', input: { text, choices: ['comma', 'tab'] } });
const write = (path: string, content: string) => ({ name: 'write', input: { path, content } });

/** Writes a file, asks in the same answer, and writes what it was told. */
const script = (turn: number): ScriptedAnswer => {
  if (turn === 0) return { calls: [write('a.txt', 'before\n'), ask('Which delimiter?'), write('b.txt', 'after\n')] };
  if (turn === 1) return { calls: [ask('Which encoding?')] };
  return longScript(6);
};

const answered = (text: string): TaskAnswer => ({ outcome: 'answered', text, by: 'user:ada' });

type Own = ReturnType<typeof journalInMemory>;
const after = (...parts: readonly (readonly [Own, number])[]) => {
  const own = journalInMemory();
  const before = parts.map(([, entries], n) => ({ commandId: String(n), entries }));
  const journal = joinedJournal(
    before,
    own,
    async (earlier, index) => parts[Number(earlier)]?.[0].entries[index] ?? null,
  );
  return { own, journal: { ...journal, entries: own.entries } };
};

test('a question ends the task, and another task goes on from the call: with the answer, its files, and nothing paid twice', async () => {
  const model = scriptedModel(script);
  const contents = memoryStore();
  const first = journalInMemory();
  const asked = await deliver({ model, journal: first, contents, asking: { questions: 2, before: null } });
  expect(asked.outcome).toMatchObject({
    ok: false,
    error: 'Baton.AsksPerson',
    retryable: false,
    asks: { text: 'Which delimiter?', choices: ['comma', 'tab'], entries: 3 },
  });
  expect(asked.spent.inputTokens).toBe(100);
  // Delivered again before its result counted, it asks the same and pays nothing.
  const again = await deliver({ model, journal: first, contents, asking: { questions: 2, before: null } });
  expect(again.outcome).toEqual(asked.outcome);
  expect(model.asked).toHaveLength(1);

  const second = after([first, 3]);
  const goingOn = { questions: 1, before: { entries: 3, answer: answered('tab') } };
  const more = await deliver({ model, journal: second.journal, contents, asking: goingOn });
  expect(more.outcome).toMatchObject({ ok: false, asks: { text: 'Which encoding?', entries: 3 } });
  expect(more.files).toMatchObject({ 'a.txt': 'before\n', 'b.txt': 'after\n' });
  // The first answer was paid by the task before.
  expect(more.spent.inputTokens).toBe(100);
  expect(model.asked[1]?.turns?.[0]?.outcomes.map(({ text }) => text)).toEqual([
    'Written: 1 line.',
    'user:ada answers:\ntab',
    'Written: 1 line.',
  ]);
  expect(first.entries).toHaveLength(3);

  const third = after([first, 3], [second.own, 3]);
  const last = { questions: 0, before: { entries: 6, answer: answered('UTF-8') } };
  const done = await deliver({ model, journal: third.journal, contents, asking: last });
  expect(done.outcome).toEqual({ ok: true, value: { notes: 'done' } });
  expect(done.spent.inputTokens).toBe(100);
  expect(model.asked).toHaveLength(3);
  // A second delivery of it plays what stands there.
  const replayed = await deliver({ model, journal: third.journal, contents, asking: last });
  expect(replayed).toEqual(done);
  expect(model.asked).toHaveLength(3);
});

test.each<[TaskAnswer, RegExp]>([
  [
    { outcome: 'declined', text: 'Not my business.', by: 'user:ada' },
    /user:ada gives no answer.*Not my business.*Decide yourself/s,
  ],
  [{ outcome: 'timed-out', text: '', by: null }, /Nobody answered in time\. Decide yourself/],
])('without an answer (%j) the model is told to decide and to say what it assumed', async (answer, told) => {
  const model = scriptedModel((turn) => (turn === 0 ? { calls: [ask('Which?')] } : longScript(6)));
  const first = journalInMemory();
  await deliver({ model, journal: first, asking: { questions: 1, before: null } });
  const { outcome } = await deliver({
    model,
    journal: after([first, 2]).journal,
    asking: { questions: 0, before: { entries: 2, answer } },
  });
  expect(outcome).toMatchObject({ ok: true });
  expect(model.asked[1]?.turns?.[0]?.outcomes[0]).toMatchObject({ isError: true, text: expect.stringMatching(told) });
});

test('one question too many is answered at once, a question that is none is told so, and where nobody may be asked there is no tool', async () => {
  const asking = (input: object) =>
    scriptedModel((turn) =>
      turn === 0 ? { calls: [{ name: 'ask', input: JSON.parse(JSON.stringify(input)) }] } : longScript(6),
    );
  const toldBy = async (model: ReturnType<typeof asking>, given: Parameters<typeof deliver>[0]['asking']) => {
    const { outcome } = await deliver({ model, ...(given === undefined ? {} : { asking: given }) });
    expect(outcome).toMatchObject({ ok: true });
    return model.asked[1]?.turns?.[0]?.outcomes[0]?.text;
  };
  const spent = { questions: 0, before: { entries: 99, answer: answered('x') } };
  expect(await toldBy(asking({ text: 'Which?' }), spent)).toContain('Nobody answers any more questions');
  expect(await toldBy(asking({ question: 'Which?' }), { questions: 1, before: null })).toContain('does not fit');
  expect(await toldBy(asking({ text: 'Which?' }), undefined)).toContain('There is no tool "ask"');
});

test('a task whose budget was too small is gone on with: with its files, and nothing paid twice', async () => {
  const model = scriptedModel(longScript);
  const contents = memoryStore();
  const first = journalInMemory();
  const ran: string[] = [];
  const callModel: typeof model.callModel = async (request, signal) => {
    if ((request.turns ?? []).length === 3)
      throw new TerminalError('not made', { code: BatonErrorName.budgetExhausted, next: 'Give more.' });
    return model.callModel(request, signal);
  };
  const cut = await deliver({ model: { ...model, callModel }, journal: first, contents, ran });
  expect(cut.outcome).toMatchObject({ ok: false, error: 'Baton.BudgetExhausted' });
  const { length } = first.entries;
  const second = after([first, length]);
  const asking = { questions: 0, before: { entries: length, answer: null } };
  const whole = await deliver({ model: scriptedModel(longScript), ran: [] });
  const { outcome, files, spent } = await deliver({ model, journal: second.journal, contents, ran, asking });
  expect({ outcome, files }).toEqual({ outcome: whole.outcome, files: whole.files });
  expect(cut.spent.inputTokens + spent.inputTokens).toBe(whole.spent.inputTokens);
  expect(ran).toEqual(['first', 'second', 'third']);
});
