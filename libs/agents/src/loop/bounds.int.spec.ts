import { expect, test } from 'vitest';
import { deliver, longScript } from './testing/deliver.js';
import { scriptedModel } from './testing/scripted-conversation.js';

test('a bound that comes near is told once; one that is met lets nothing through but the answer', async () => {
  const ran: string[] = [];
  const model = scriptedModel((turn) => {
    if (turn < 5)
      return {
        calls: [
          { name: 'stamp', input: { line: `${turn}a` } },
          { name: 'stamp', input: { line: `${turn}b` } },
        ],
      };
    return { calls: [{ name: 'finish', input: { notes: 'what I have' } }] };
  });
  const { outcome } = await deliver({ model, bounds: { toolCalls: 9 }, ran });
  expect(outcome).toEqual({ ok: true, value: { notes: 'what I have' } });
  expect(ran).toHaveLength(9);
  const notes = model.asked.at(-1)?.turns?.map(({ note = '' }) => note) ?? [];
  expect(notes.filter((note) => note.includes('Bring it to an end'))).toHaveLength(1);
  expect(notes.at(-1)).toContain('hand in with finish what you have now');
});

test('a model that does not hand in anything after its bounds fails the task', async () => {
  const model = scriptedModel((turn) => ({ calls: [{ name: 'list', input: { after: `${turn}` } }] }));
  const { outcome } = await deliver({ model, bounds: { modelCalls: 4 } });
  expect(outcome).toMatchObject({ ok: false, error: 'Baton.InvalidOutput', cause: expect.stringContaining('bounds') });
  expect(model.asked).toHaveLength(7);
});

test('the same call in the same state of the files is executed twice and not more; after a change it is another one', async () => {
  const ran: string[] = [];
  const look = { name: 'read', input: { path: 'src/a.ts' } };
  const model = scriptedModel((turn) => {
    if (turn < 3) return { calls: [look] };
    if (turn === 3) return { calls: [{ name: 'stamp', input: { line: 'x' } }, look] };
    return longScript(6);
  });
  await deliver({ model, ran });
  const outcomes = model.asked.at(-1)?.turns?.flatMap((turn) => turn.outcomes) ?? [];
  expect(outcomes.map(({ isError }) => isError)).toEqual([false, false, true, false, false]);
  expect(outcomes[2]?.text).toContain('this very call before');
});
