import { createMCPClient } from '@ai-sdk/mcp';
import { StdioMCPTransport } from '@ai-sdk/mcp/mcp-stdio';
import { CLI } from '@baton/test-stack';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect } from 'vitest';
import { z } from 'zod';
import { envOf } from './testing/commands.js';
import { test } from './testing/shared-stack.js';

/** A worker of the offline model answers it. */
const WORKFLOW = {
  name: 'one-question',
  version: '1.0.0',
  title: 'One question',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Ask',
    States: {
      Ask: { Type: 'Task', Resource: 'baton:worker:prompt', Arguments: { prompt: 'Say something.' }, End: true },
    },
  },
};

const Accepted = z.object({ runId: z.string() });
const Waited = z.object({ run: z.object({ status: z.string(), isSettled: z.boolean() }), nextCursor: z.int() });

type Call = (name: string, args: Record<string, unknown>) => Promise<unknown>;

/** From a workflow document to the result of its run. */
async function drive(call: Call, name: string): Promise<string> {
  await call('publish_workflow', { document: { ...WORKFLOW, name } });
  const { runId } = Accepted.parse(await call('submit_run', { workflow: name, input: {} }));
  for (let cursor = 0; ; ) {
    const { run, nextCursor } = Waited.parse(await call('wait_run', { runId, seconds: 50, cursor }));
    if (run.isSettled) return run.status;
    cursor = nextCursor;
  }
}

const Scheduled = z.object({ name: z.string(), version: z.int(), status: z.string() });
const Kinds = z.object({ kinds: z.array(z.object({ kind: z.string(), alive: z.int() })) });

/** What else an agent does: who works, what a run would take, and a schedule from its making to its removal. */
async function lookAround(call: Call, workflow: string): Promise<void> {
  const { kinds } = Kinds.parse(await call('list_workers', {}));
  expect(kinds).toContainEqual(expect.objectContaining({ kind: 'prompt', alive: expect.any(Number) }));
  expect(await call('get_expectation', { workflow })).toMatchObject({ ofWorkflow: { workflow } });
  const timing = { type: 'at', at: '2099-01-01T00:00:00Z' };
  const schedule = { name: `of-${workflow}`, timing, workflow, input: {}, mcpServers: [] };
  const { name, version } = Scheduled.parse(await call('create_schedule', schedule));
  const paused = Scheduled.parse(await call('pause_schedule', { name, version }));
  expect(paused.status).toBe('paused');
  expect(await call('get_schedule', { name })).toMatchObject({ run: { agents: { mcpServers: [] } } });
  expect(await call('delete_schedule', { name, version: paused.version })).toMatchObject({ name });
}

test('`baton mcp` serves the SDK’s own client, which drives a run to its end', async ({ everything: stack }) => {
  const env = await envOf(stack);
  const client = new Client({ name: 'e2e', version: '1.0.0' });
  const errors: string[] = [];
  const transport = new StdioClientTransport({ command: process.execPath, args: [CLI, 'mcp'], env, stderr: 'pipe' });
  transport.stderr?.on('data', (chunk) => errors.push(String(chunk)));
  try {
    await client.connect(transport);
    const call: Call = async (name, args) => (await client.callTool({ name, arguments: args })).structuredContent;
    expect(await drive(call, 'asked-by-the-sdk')).toBe('succeeded');
    await lookAround(call, 'asked-by-the-sdk');
    expect(errors.join('')).toContain('over MCP');
  } finally {
    await client.close();
  }
});

test('and a second public client, over its own standard streams', async ({ everything: stack }) => {
  const env = await envOf(stack);
  const transport = new StdioMCPTransport({ command: process.execPath, args: [CLI, 'mcp'], env, stderr: 'ignore' });
  const client = await createMCPClient({ transport });
  try {
    const tools = await client.tools();
    expect(Object.keys(tools)).toEqual(expect.arrayContaining(['submit_run', 'wait_run', 'consider_state']));
    const call: Call = async (name, args) => {
      const came = await tools[name]?.execute?.(args, { toolCallId: name, messages: [], context: {} });
      return z.looseObject({ structuredContent: z.unknown() }).parse(came).structuredContent;
    };
    expect(await drive(call, 'asked-by-another')).toBe('succeeded');
    await lookAround(call, 'asked-by-another');
  } finally {
    await client.close();
  }
});

test('the gateway of a stack serves the same over HTTP', async ({ everything: stack }) => {
  const { BATON_URL: url = '', BATON_TOKEN: token = '' } = await envOf(stack);
  const client = new Client({ name: 'e2e', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }));
  try {
    const call: Call = async (name, args) =>
      (await client.callTool({ name, arguments: args }, { timeout: 60_000 })).structuredContent;
    expect(await drive(call, 'asked-over-http')).toBe('succeeded');
  } finally {
    await client.close();
  }
});
