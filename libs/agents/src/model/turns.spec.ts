import { expect, test } from 'vitest';
import { plan, STEP_1 } from '../testing/example-tasks.js';
import { agentsWith, memoryJournal, scriptedModel, taskWith } from '../testing/scripted-agents.js';

test('a model is asked when it is the turn of the task, and what the journal answers needs none', async () => {
  const { journalFor } = memoryJournal();
  const said: string[] = [];
  const turnsFor = (commandId: string) => ({
    take: async ({ model, isOffline }: { readonly model: string; readonly isOffline: boolean }) => {
      said.push(`${commandId.slice(-2)} takes ${model} ${isOffline}`);
      return { isLimited: true, mayBegin: true, waitMs: 0 };
    },
    goesOn: async () => {},
    end: async (_: string, tokens: number | null) => void said.push(`ends with ${tokens}`),
  });
  const { planner } = await agentsWith(scriptedModel([plan]).call, { journalFor, turnsFor });
  const { signal } = new AbortController();
  expect(await planner(taskWith(STEP_1), signal)).toMatchObject({ ok: true });
  expect(await planner(taskWith(STEP_1), signal)).toMatchObject({ ok: true, journal: { replayed: 1 } });
  expect(said).toEqual(['-1 takes claude-opus-5-5 false', 'ends with 1101']);
});
