import { join } from 'node:path';
import type { WorkerTask } from '@baton/worker';
import { afterAll, describe, expect, test } from 'vitest';
import { scriptedModel } from '../loop/testing/scripted-conversation.js';
import { agentsWith, taskWith } from '../testing/scripted-agents.js';
import { ServerConnection } from './server-connection.js';
import type { ToolServer } from './servers-file.js';
import { openTaskServers } from './task-servers.js';

const PROGRAM = join(import.meta.dirname, 'testing/tool-server.ts');

/** A server whose operator allows these of its tools. */
const allowing = (name: string, tools: 'all' | string[], more: Partial<ToolServer> = {}): ServerConnection =>
  new ServerConnection(
    {
      ...{ name, command: process.execPath, args: [PROGRAM], env: {}, tools },
      ...{ timeoutSeconds: 20, required: false, secrets: [] },
      ...more,
    } as ToolServer,
    { resolve: async () => [], monotonicMs: () => performance.now(), log: { warn: () => {} } },
  );

const notes = allowing('notes', 'all');
const docs = allowing('docs', ['search', 'long']);
/** Whoever opens it finds out that it is away. */
const gone = allowing('gone', 'all', { command: '/nothing/of/this/name', required: true } as Partial<ToolServer>);
afterAll(() => Promise.all([notes, docs, gone].map((server) => server.stop())));

/** The tools of a task whose step and run name these. */
async function open(step: readonly string[] | null, run: readonly string[] | null, servers = [notes, docs]) {
  const opened = await openTaskServers(servers, { step, run }).open();
  if (!opened.ok) return { failed: opened.cause, tools: [], about: '' };
  const { tools, about } = opened.value;
  return { tools: tools.map(({ definition }) => definition.name.slice('mcp_'.length)).sort(), about };
}

const ALL = ['docs_long', 'docs_search', 'notes_exit', 'notes_fails', 'notes_long', 'notes_search', 'notes_slow'];

describe('what a run leaves its agents of servers', () => {
  test('is all that operators allow, where it says nothing of that', async () => {
    expect((await open(null, null)).tools).toEqual(ALL);
  });

  test('is nothing, where it says so', async () => {
    expect(await open(null, [])).toEqual({ tools: [], about: '' });
    expect(openTaskServers([notes], { step: null, run: [] }).isAny).toBe(false);
  });

  test('is a server with what its operator allows, or one tool', async () => {
    expect((await open(null, ['docs', 'notes:slow'])).tools).toEqual(['docs_long', 'docs_search', 'notes_slow']);
    expect((await open(null, ['docs:fails'])).tools).toEqual([]);
  });

  test('is what a step may have at most, and the model knows what it does not have', async () => {
    expect((await open(['docs'], ['docs:search', 'notes'])).tools).toEqual(['docs_search']);
    expect((await open(['notes:slow', 'notes:long'], ['notes:long', 'docs'])).tools).toEqual(['notes_long']);
    const { tools, about } = await open(['docs', 'notes'], ['notes:search']);
    expect(tools).toEqual(['notes_search']);
    expect(about).toContain('This run leaves its agents nothing of the server docs.');
    expect((await open(['docs'], [])).about).toContain('This run leaves its agents nothing of the server docs.');
  });

  test('may be of another worker: this one has nothing then, and its tasks do not fail', async () => {
    expect(await open(null, ['elsewhere'])).toEqual({ tools: [], about: '' });
  });

  test('that no server has is told to the model', async () => {
    const { tools, about } = await open(null, ['notes:serch', 'notes:search']);
    expect(tools).toEqual(['notes_search']);
    expect(about).toContain('The server notes offers nothing that can be used as serch.');
  });

  test('a server that has to be there is not missed by a run that leaves it out', async () => {
    expect(await open(null, null, [gone, docs])).toMatchObject({ failed: expect.stringContaining('The server gone') });
    expect((await open(null, ['docs'], [gone, docs])).tools).toEqual(['docs_long', 'docs_search']);
  });

  test('a server of which step and run leave nothing together is not looked for, and the model is told', async () => {
    expect(await open(['gone:search', 'docs:long'], ['gone:other', 'docs'], [gone, docs])).toEqual({
      tools: ['docs_long'],
      about: expect.stringContaining('This run leaves its agents nothing of the server gone that the step asks for.'),
    });
    const narrow = allowing('gone', ['search'], {
      command: '/nothing/of/this/name',
      required: true,
    } as Partial<ToolServer>);
    expect(await open(null, ['gone:other'], [narrow])).toEqual({ tools: [], about: '' });
    expect((await open(['gone:other'], null, [narrow])).about).toContain(
      'The operator of this worker allows nothing of the server gone that the step asks for.',
    );
  });
});

test('a step asks for what no operator allows: its task fails, whatever the run leaves', async () => {
  expect(await open(['nots'], [])).toMatchObject({ failed: expect.stringContaining('does not allow') });
});

test('what the run leaves reaches the agent with its task', async () => {
  const offered = async (agents: WorkerTask['agents']) => {
    const model = scriptedModel(() => ({ calls: [{ name: 'finish', input: { answer: 'done' } }] }));
    const { prompt } = await agentsWith(model.callModel, { servers: [docs] });
    const output = { type: 'object', required: ['answer'], properties: { answer: { type: 'string' } } };
    const args = { prompt: 'What is known?', output, tools: [], mcpServers: ['docs'] };
    const task = taskWith(args, agents === undefined ? {} : { agents });
    expect((await prompt(task, new AbortController().signal)).ok).toBe(true);
    return model.asked[0]?.tools?.map(({ name }) => name).sort();
  };
  expect(await offered(undefined)).toEqual(['finish', 'mcp_docs_long', 'mcp_docs_search']);
  expect(await offered({ mcpServers: ['docs:search', 'notes'] })).toEqual(['finish', 'mcp_docs_search']);
  expect(await offered({ mcpServers: [] })).toEqual(['finish']);
});
