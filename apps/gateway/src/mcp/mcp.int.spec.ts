import { randomUUID } from 'node:crypto';
import type { Actor, Role } from '@baton/contracts';
import { pendingRequests } from '@baton/event-store';
import { runStarted } from '@baton/read-model/testing';
import { canonicalSha256 } from '@baton/workflow';
import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { asked, entered, frame } from '../testing/approval-events.js';
import { connectMcp } from '../testing/mcp-client.js';
import { startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

let gateway: TestGateway;
const open: Client[] = [];
const keys = new Map<string, string>();

beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(async () => {
  await Promise.all(open.map((client) => client.close()));
  await gateway?.stop();
});

async function keyOf(...roles: Role[]): Promise<string> {
  const name = roles.join('-');
  const known = keys.get(name);
  if (known !== undefined) return known;
  const { body } = await gateway.post('/v1/auth/keys', { name, roles });
  keys.set(name, body.key);
  return body.key;
}

async function clientOf(roles: readonly Role[], era: 'modern' | 'legacy' = 'modern'): Promise<Client> {
  const client = await connectMcp(gateway, await keyOf(...roles), era);
  open.push(client);
  return client;
}

async function call(client: Client, name: string, args: Record<string, unknown> = {}) {
  const result = await client.callTool({ name, arguments: args });
  const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
  // biome-ignore lint/suspicious/noExplicitAny: each tool gives another shape; expect() checks it.
  const value = result.structuredContent as any;
  return { text, value, isError: result.isError === true };
}

async function runOf(
  submittedBy: Actor = { type: 'user', id: 'ada' },
  question: object = { title: 'Ship it?' },
): Promise<string> {
  const runId = randomUUID();
  await gateway.log.append(runId, runStarted({ submittedBy }), frame(1), entered(1), asked(runId, 1, question));
  return runId;
}
const pending = async (requestId: string) =>
  (await pendingRequests(gateway.hub, { limit: 1_000 })).find((request) => request.requestId === requestId);

describe.each(['modern', 'legacy'] as const)('a client of the %s protocol', (era) => {
  test('is told what its key may do, each tool with its schemas and what it does to the world', async () => {
    const client = await clientOf(['viewer'], era);
    expect(client.getProtocolEra()).toBe(era);
    const { tools } = await client.listTools();
    const names = tools.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['get_run', 'wait_run', 'get_plan', 'consider_state']));
    expect(names).not.toEqual(expect.arrayContaining(['cancel_run']));
    for (const { annotations, outputSchema, inputSchema } of tools) {
      expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false });
      expect([inputSchema.type, outputSchema?.type]).toEqual(['object', 'object']);
    }
  });

  test('submits a run under its own name, and waits for it with a cursor', async () => {
    const client = await clientOf(['submitter'], era);
    const requestId = `mcp-${era}`;
    const submitted = await call(client, 'submit_run', {
      workflow: 'two-steps',
      input: { requirements: 'x' },
      requestId,
    });
    expect(submitted, submitted.text).toMatchObject({
      isError: false,
      value: { requestId, url: expect.stringContaining('/runs/') },
    });
    expect(submitted.text).toContain(submitted.value.url);
    expect(await pending(requestId)).toMatchObject({
      message: {
        actor: { id: 'submitter' },
        ...(era === 'modern' ? { labels: { 'mcp-client': 'a-client 1.2.3' } } : {}),
      },
    });
    const runId = await runOf();
    const waited = await call(client, 'wait_run', { runId, seconds: 1 });
    expect(waited.value).toMatchObject({ nextCursor: 4, hasMore: false, run: { runId, isSettled: true } });
    const again = await call(client, 'wait_run', { runId, seconds: 0, cursor: waited.value.nextCursor });
    expect(again.value).toMatchObject({ events: [], nextCursor: 4 });
  });

  test('reads what there is, and the prompts', async () => {
    const client = await clientOf(['viewer'], era);
    const runId = await runOf();
    await vi.waitFor(
      async () => {
        const { resources } = await client.listResources();
        expect(resources.map(({ uri }) => uri)).toEqual(
          expect.arrayContaining([`baton://runs/${runId}`, 'baton://workflows/two-steps@1.0.0']),
        );
      },
      { timeout: 20_000 },
    );
    const read = async (uri: string) => JSON.stringify((await client.readResource({ uri })).contents);
    expect(await read(`baton://runs/${runId}`)).toContain('two-steps');
    expect(await read(`baton://runs/${runId}/events`)).toContain('RunStarted');
    expect(await read('baton://workflows/two-steps')).toContain('definition');
    await expect(read('baton://runs/00000000-0000-4000-8000-000000000000')).rejects.toThrow(/list_runs/);
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual(['submit_request', 'triage_failed_run']);
    const prompt = await client.getPrompt({ name: 'triage_failed_run', arguments: { runId } });
    expect(JSON.stringify(prompt.messages)).toContain(runId);
  });
});

describe('an approval', () => {
  const question = { title: 'Ship it?', body: 'as it is' };
  const sha256 = canonicalSha256(question);
  const ada = { type: 'user', id: 'ada' } as const;

  test('is decided with the hash of what was seen, on record with who and through what', async () => {
    const client = await clientOf(['approver']);
    const approvalId = `${await runOf(ada, question)}-1`;
    const seen = await call(client, 'get_approval', { approvalId });
    expect(seen.value).toMatchObject({ arguments: question, sha256, status: 'open' });
    const requestId = `decide-${approvalId}`;
    const given = await call(client, 'decide_approval', { approvalId, sha256, decision: 'approve', requestId });
    expect(given.isError).toBe(false);
    expect(await pending(requestId)).toMatchObject({
      message: { actor: { id: 'approver' }, sha256, comment: '(by a-client 1.2.3, over MCP)' },
    });
  });

  test('with the hash of something else nothing is decided, and the answer says what to do', async () => {
    const client = await clientOf(['approver']);
    const approvalId = `${await runOf(ada, question)}-1`;
    const requestId = `stale-${approvalId}`;
    const stale = { approvalId, sha256: 'a'.repeat(64), decision: 'approve', requestId };
    const answer = await call(client, 'decide_approval', stale);
    expect(answer).toMatchObject({ isError: true, text: expect.stringMatching(/Nothing was decided.*get_approval/) });
    expect(await pending(requestId)).toBeUndefined();
  });

  test('is decided by nobody who submitted the run, and by no agent that works for one', async () => {
    const client = await clientOf(['approver']);
    const own = `${await runOf({ type: 'apikey', id: 'approver' }, question)}-1`;
    const answer = await call(client, 'decide_approval', { approvalId: own, sha256, decision: 'approve' });
    expect(answer).toMatchObject({ isError: true, text: expect.stringMatching(/approval-own-run.*\/approvals\?id=/) });
    const agent = await connectMcp(gateway, await keyOf('approver'), 'modern', 'baton-agent');
    open.push(agent);
    const approvalId = `${await runOf(ada, question)}-1`;
    const refused = await call(agent, 'decide_approval', { approvalId, sha256, decision: 'approve' });
    expect(refused).toMatchObject({ isError: true, text: expect.stringMatching(/approval-by-agent/) });
  });

  test('with the token of the stack, which may do anything, a program still decides nothing', async () => {
    const client = await connectMcp(gateway, TOKEN);
    open.push(client);
    const approvalId = `${await runOf(ada, question)}-1`;
    const answer = await call(client, 'decide_approval', { approvalId, sha256, decision: 'approve' });
    expect(answer).toMatchObject({ isError: true, text: expect.stringMatching(/needs the role approver/) });
  });
});

describe('the orchestrator as a tool', () => {
  test('says what it would do from a state that is handed in', async () => {
    const client = await clientOf(['viewer']);
    const { value } = await call(client, 'consider_state', { workflow: 'two-steps', at: { state: 'Plan' } });
    expect(value).toMatchObject({ status: 'running', waitsFor: [{ state: 'Plan', resource: expect.any(String) }] });
  });

  test('and from a run, which stays as it is', async () => {
    const client = await clientOf(['viewer']);
    const runId = await runOf();
    const outcome = { decision: 'approve' };
    const considered = await call(client, 'consider_state', { run: { id: runId }, outcome });
    expect(considered).toMatchObject({ isError: false, value: { status: expect.any(String) } });
    expect((await gateway.get(`/v1/runs/${runId}`)).body).toMatchObject({ version: 4, status: 'running' });
  });

  test.each([
    ['a state that is not there', { workflow: 'two-steps', at: { state: 'Plam' } }, /Did you mean \\?"Plan/],
    ['a workflow that is not there', { workflow: 'nothing', at: { state: 'Plan' } }, /list_workflows/],
    ['a run that is not there', { run: { id: 'ffffffff' } }, /list_runs/],
    ['nowhere to look from', { workflow: 'two-steps' }, /one of at, events and run/],
    ['events that are none', { events: [{ type: 'Nonsense', data: {} }] }, /unknown type Nonsense/],
    ['a document that cannot run', { workflow: { name: 'x' }, at: { state: 'A' } }, /document cannot run/],
  ])('%s: one clear answer', async (_, args, says) => {
    const answer = await call(await clientOf(['viewer']), 'consider_state', args);
    expect([answer.isError, answer.text]).toEqual([true, expect.stringMatching(says)]);
  });
});

describe('bad input', () => {
  test('a tool that the key may not use: nothing is done, and it is said which role is missing', async () => {
    const client = await clientOf(['viewer']);
    const runId = await runOf();
    const answer = await call(client, 'cancel_run', { runId });
    expect(answer).toMatchObject({ isError: true, text: expect.stringMatching(/needs the role operator or admin/) });
  });

  test.each([
    ['a tool that is not there', 'get_runs', {}, /Did you mean \\?"get_run/],
    ['a run that is not there', 'get_run', { runId: 'ffffffff' }, /There is no run ffffffff.*list_runs/],
    ['arguments that are missing', 'get_run', {}, /runId/],
    ['arguments that are not known', 'get_run', { runId: 'a', verbose: true }, /verbose/],
    ['more seconds than it waits', 'wait_run', { runId: 'a', seconds: 500 }, /seconds/],
    ['an input that does not fit', 'consider_state', { at: { state: 7 } }, /at\.state/],
  ])('%s: one answer that says what is wrong', async (_, name, args, says) => {
    const answer = await call(await clientOf(['viewer']), name, args);
    expect([answer.isError, answer.text]).toEqual([true, expect.stringMatching(says)]);
  });

  test('an argument of megabytes is refused before anything is done, and the next call is answered', async () => {
    const client = await clientOf(['submitter']);
    const huge = { workflow: 'two-steps', input: { requirements: 'x'.repeat(2_000_000) }, requestId: 'huge' };
    await expect(call(client, 'submit_run', huge)).rejects.toThrow();
    expect(await pending('huge')).toBeUndefined();
    expect((await call(client, 'list_runs')).isError).toBe(false);
  });

  test.each([
    ['alone', (wait: object) => wait],
    ['among others of a batch', (wait: object) => [{ jsonrpc: '2.0', id: 2, method: 'tools/list' }, wait]],
  ])('a call that waits has no more than it can ask for, %s', async (_, sent) => {
    const headers = { authorization: `Bearer ${await keyOf('viewer')}`, 'content-type': 'application/json' };
    const params = { name: 'wait_run', arguments: { runId: await runOf(), seconds: 0, more: 'x'.repeat(17_000) } };
    const body = JSON.stringify(sent({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }));
    const answer = await gateway.bare('/mcp', { method: 'POST', headers, body });
    expect(answer).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
  });

  const LIST = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  const ask = (headers: Record<string, string>) =>
    gateway.bare('/mcp', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: LIST });

  test.each([
    ['no token', {}],
    ['a wrong token', { authorization: 'Bearer baton_wrong' }],
  ])('%s is refused with a challenge', async (_, headers) => {
    const answer = await ask(headers);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="baton"']);
  });

  test('a page of another origin is refused, whatever token it has', async () => {
    const answer = await ask({ authorization: `Bearer ${TOKEN}`, origin: 'https://attacker.example' });
    expect(answer).toMatchObject({ status: 403, body: { code: 'origin-not-allowed' } });
  });

  test.each(['[]', '{}', '{"jsonrpc":"2.0"}', '{"jsonrpc":"2.0","id":1,"method":"nothing"}', '"x"', 'no json'])(
    'what is no request is refused, and harms nobody: %s',
    async (body) => {
      const headers = {
        authorization: `Bearer ${await keyOf('viewer')}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      };
      const answer = await gateway.bare('/mcp', { method: 'POST', headers, body });
      expect(answer.status === 200 ? JSON.stringify(answer.body) : answer.status).toEqual(
        answer.status === 200 ? expect.stringContaining('error') : expect.toSatisfy((status: number) => status < 500),
      );
    },
  );

  test('other methods are told which there is', async () => {
    const headers = { authorization: `Bearer ${await keyOf('viewer')}` };
    for (const method of ['GET', 'DELETE']) {
      const answer = await gateway.bare('/mcp', { method, headers });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'OPTIONS, POST']);
    }
  });
});

test('what is asked through it stands in the log of access under the route that it came to', async () => {
  const client = await clientOf(['operator']);
  const document = { name: 'never', version: '1.0.0' };
  expect((await call(client, 'publish_workflow', { document })).isError).toBe(true);
  const entries = JSON.stringify((await gateway.get('/v1/auth/log?limit=50')).body);
  expect(entries).toContain('POST /v1/workflows');
  expect(entries).toContain('operator');
});
