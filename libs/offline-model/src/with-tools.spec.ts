import { request } from '@baton/llm/testing';
import { expect, test } from 'vitest';
import { filesSeen, sayWithTools } from './with-tools.js';

const turn = (name: string, text: string) => ({
  content: [{ type: 'tool_use', id: 'offline-0-0', name, input: {} }],
  outcomes: [{ callId: 'offline-0-0', text, isError: false }],
});

test('what a workspace holds is known from the look around, whatever stands about the list', () => {
  const text =
    'BEGIN DATA\nREADME.md  12\nsrc/two  spaces.ts  3\n… and 5 more: list again with after: "src/a"\nEND DATA';
  expect(filesSeen({ ...request, turns: [turn('list', text)] })).toEqual([
    { path: 'README.md' },
    { path: 'src/two  spaces.ts' },
  ]);
});

test('other turns say nothing of it', () => {
  expect(filesSeen({ ...request, turns: [turn('read', 'README.md  12')] })).toEqual([]);
  expect(filesSeen(request)).toEqual([]);
});

const offering = (...names: readonly string[]) =>
  names.map((name) => ({ name, description: '', inputSchema: { type: 'object' } }));
const plan = (requirements: string, ...tools: readonly string[]) =>
  sayWithTools({ ...request, tools: offering(...tools), variables: { requirements } }, { goal: 'x' });

test('documentation is searched for what the requirements are about, in the look around, where there is some', () => {
  const search = { name: 'knowledge_search', input: { query: 'Retry policy' } };
  const { toolCalls } = plan('\n# **Retry policy**\nmore', 'list', 'knowledge_search', 'finish');
  expect(toolCalls).toMatchObject([{ name: 'list' }, search]);
  expect(plan('# Retry policy', 'knowledge_search', 'finish').toolCalls).toMatchObject([search]);
  expect(plan('# Retry policy', 'list', 'finish').toolCalls).toMatchObject([{ name: 'list' }]);
  expect(plan('# Retry policy', 'finish').toolCalls).toMatchObject([{ name: 'finish' }]);
});
