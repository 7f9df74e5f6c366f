import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MessagesServer, message, startMessagesServer } from '@baton/llm/testing';
import { eventsOf, Stack } from '@baton/test-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { envOf, printed } from './testing/commands.js';
import { write } from './testing/write-file.js';

/*
 * What a user sees of a workspace that is prepared, a shell that works in it, documentation of three kinds, and an answer that
 * is not paid a second time: by the command alone, in a whole Baton, with a model behind the Messages API.
 */

const Asked = z.object({
  messages: z.array(z.object({ role: z.string() })),
  tools: z.array(z.object({ name: z.string(), input_schema: z.unknown() })).default([]),
});
const Properties = z.object({ properties: z.record(z.string(), z.unknown()).default({}) });

type Call = readonly [name: string, input: object];

const PLAN = {
  ...{ goal: 'Three times.', components: [{ name: 'times', purpose: 'multiplies' }] },
  files: [{ path: 'index.js', purpose: 'times' }],
  ...{ interfaces: [], testPlan: ['three times'], risks: [], openQuestions: [], answers: [] },
};
const REVIEW = {
  ...{ issues: [], summary: 'As asked.', verdict: 'pass' },
  scores: { alignment: 9.5, standardization: 9.5, compatibility: 9.5 },
};
/** A copy of the workspace with what its set-up filled, and no way out. */
const COMMAND =
  'node -e "console.log(require(\'factor\'))" && sed -i s/2/3/ index.js index.test.js && ! node -e "fetch(\'http://localhost\').catch(() => process.exit(3))"';

const PLANNER: readonly (readonly Call[])[] = [
  [['knowledge_search', { query: 'factor of the product' }]],
  [['finish', PLAN]],
];
const PROGRAMMER: readonly (readonly Call[])[] = [
  [['shell', { command: COMMAND }]],
  [['run', { check: 'tests' }]],
  [['finish', { notes: 'Three.', testCommand: 'node --test' }]],
];

function callsOf(fields: readonly string[], turn: number): readonly Call[] {
  if (fields.includes('components')) return PLANNER[turn] ?? [];
  if (fields.includes('scores')) return [['finish', REVIEW]];
  return PROGRAMMER[turn] ?? [];
}

const startModel = (): Promise<MessagesServer> =>
  startMessagesServer((response, { body }) => {
    const { messages, tools } = Asked.parse(body);
    const turn = messages.filter(({ role }) => role === 'assistant').length;
    const finish = tools.find(({ name }) => name === 'finish');
    const fields = Object.keys(Properties.safeParse(finish?.input_schema).data?.properties ?? {});
    const said =
      finish === undefined
        ? { texts: ['{"text":"Forty-two."}'] }
        : {
            texts: ['I go on.'],
            calls: callsOf(fields, turn).map(([name, input], at) => ({
              ...{ id: `c${turn}-${at}`, name, json: JSON.stringify(input) },
            })),
            stopReason: 'tool_use',
          };
    return message(said)(response, { path: '', headers: {}, body });
  });

/** A page that says where it is now, and nothing else. */
async function startPages() {
  const server = createServer((request, response) => {
    if (request.url === '/old') return response.writeHead(302, { location: '/factor' }).end();
    if (request.url !== '/factor') return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'text/html' });
    return response.end('<h1>Products</h1><script>x()</script><p>The factor of a product is three.</p>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}

const FILES = {
  'package.json': '{ "name": "product", "type": "module" }\n',
  'index.js': "import factor from 'factor';\nexport const product = (x) => factor * x * 2;\n",
  'index.test.js':
    "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { product } from './index.js';\n\ntest('multiplies', () => assert.equal(product(5), 7 * 5 * 2));\n",
  'docs/guide.md': '# Guide\n\n## Products\n\nA product has a factor.\n',
  // The package of a registry, without one.
  '.baton/tools.yaml': `setup:
  command: mkdir -p node_modules/factor && echo 'module.exports = 7' > node_modules/factor/index.js
  fills: [node_modules]
  lockfiles: [package.json]
checks:
  - { name: tests, command: node --test }
`,
};

const ASK_ONCE = `name: ask-once
version: 1.0.0
title: Ask once
definition:
  QueryLanguage: JSONata
  StartAt: Ask
  States:
    Ask:
      Type: Task
      Resource: baton:worker:prompt
      Arguments: { prompt: What is the answer?, cache: { ttlSeconds: 600 } }
      End: true
`;

describe.skipIf(!existsSync('/usr/bin/bwrap'))('by the command alone', () => {
  let stack: Stack;
  let dir: string;
  let model: MessagesServer;
  let pages: Awaited<ReturnType<typeof startPages>>;
  beforeAll(async () => {
    [dir, model, pages] = await Promise.all([mkdtemp(join(tmpdir(), 'baton-prepared-')), startModel(), startPages()]);
    for (const [path, content] of Object.entries(FILES)) await write(join(dir, 'product', path), content);
    stack = await Stack.start({
      args: ['--only', 'gateway,orchestrator,planner,validator,programmer,prompt'],
      env: {
        ...{ BATON_MODEL: 'claude-sonnet-5-5', ANTHROPIC_API_KEY: 'sk-test', ANTHROPIC_BASE_URL: model.url },
        ...{ BATON_KNOWLEDGE_HOSTS: pages.url, BATON_KNOWLEDGE_ALLOW_PRIVATE: 'true' },
      },
    });
  });
  afterAll(async () => {
    await stack?.stop();
    await model?.close();
    pages?.close();
    await rm(dir, { recursive: true, force: true });
  });

  const baton = async (...args: readonly string[]) =>
    printed(args, { env: await envOf(stack), cwd: join(dir, 'product') });
  const submitted = async (...args: readonly string[]): Promise<string> => {
    const { runId } = z.object({ runId: z.string() }).parse(JSON.parse(await baton(...args, '-o', 'json')));
    await baton('run', 'watch', runId);
    return runId;
  };

  test('a run prepares its workspace, searches documentation, works in a shell, and says all of it', async () => {
    await write(join(dir, 'wanted.md'), 'Three times the factor.\n');
    const locations = ['docs', `${pages.url}/old`, 'https://elsewhere.example/'];
    const documentation = `documentationLocations=${JSON.stringify(locations)}`;
    const args = ['--workspace', '.', '--requirements', join(dir, 'wanted.md'), '--set', documentation];
    const runId = await submitted('run', 'submit', ...args);
    const tools = (await eventsOf(stack, runId)).flatMap(({ type, data }) =>
      type === 'TaskSucceeded' ? (Reported.safeParse(data).data?.output.tools ?? []) : [],
    );
    expect(tools.map(({ tool, status }) => `${tool} ${status}`)).toEqual([
      ...['setup passed', 'tests passed'],
      ...['setup passed', 'tests passed'],
    ]);
    const out = join(dir, 'out');
    await baton('run', 'result', runId, '--out', out);
    expect(await readFile(join(out, 'index.js'), 'utf8')).toContain('factor * x * 3');
    expect(existsSync(join(out, 'node_modules'))).toBe(false);
    const planned = await baton('run', 'step', runId, 'Plan');
    expect(planned).toContain('docs/guide.md');
    expect(planned).toContain(`${pages.url}/old`);
    expect(planned).toContain('the host elsewhere.example is not allowed');
    const implemented = await baton('run', 'step', runId, 'Implement', '--conversation');
    expect(implemented).toMatch(/It wrote index\.js, index\.test\.js\.\n7\n/);
    expect(implemented).toContain('tests passed');
  });

  test('a question that a step lets be answered as before is paid once, and the record names the answer', async () => {
    await write(join(dir, 'ask.yaml'), ASK_ONCE);
    await baton('workflow', 'publish', join(dir, 'ask.yaml'));
    const first = await submitted('run', 'submit', '--workflow', 'ask-once');
    const asked = model.received.length;
    const second = await submitted('run', 'submit', '--workflow', 'ask-once');
    expect(model.received).toHaveLength(asked);
    const [answered] = (await eventsOf(stack, second)).filter(({ type }) => type === 'TaskSucceeded');
    expect(answered?.data).toMatchObject({
      output: { text: 'Forty-two.' },
      usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
      cachedFrom: { commandId: expect.stringContaining(first) },
    });
    expect(await baton('run', 'step', second, 'Ask')).toContain(`answered as ${first}`);
  });
});

const Reported = z.object({
  output: z.object({ tools: z.array(z.object({ tool: z.string(), status: z.string() })) }),
});
