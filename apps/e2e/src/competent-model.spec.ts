import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { message, startMessagesServer } from '@baton/llm/testing';
import { copyPostgresTemplate } from '@baton/service-kit/testing';
import { BASE_ENV, CLI, play, ROOT, type Seen } from '@baton/test-stack';
import { type ChatCompletionRequest, LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';

/*
 * The main job on a real repository with a model behind the Messages API: the demo, the real SDK, the tools, the sandbox,
 * the repository's own checks. With a server that others have written; in the long form with that of our own
 * tests as well.
 */

const run = promisify(execFile);
const isLong = inject('effort') === 'long';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'baton-competent-'));
  await chmod(dir, 0o711); // Root's Postgres runs as somebody else.
});
afterAll(() => rm(dir, { recursive: true, force: true }));

interface Server {
  readonly url: string;
  readonly close: () => Promise<void>;
}

const Properties = z.object({ properties: z.record(z.string(), z.unknown()).default({}) });
const fieldsOf = (schema: unknown): readonly string[] =>
  Object.keys(Properties.safeParse(schema).data?.properties ?? {});

const Asked = z.object({
  messages: z.array(z.object({ role: z.string(), content: z.unknown() })),
  tools: z.array(z.object({ name: z.string(), input_schema: z.unknown() })).default([]),
});

/** Speaks the Messages API as our own tests know it. */
async function ownServer(): Promise<Server> {
  return startMessagesServer((response, { body }) => {
    const { messages, tools } = Asked.parse(body);
    const turn = messages.filter(({ role }) => role === 'assistant').length;
    const calls = play({
      tools: tools.map(({ name }) => name),
      answerFields: fieldsOf(tools.find(({ name }) => name === 'finish')?.input_schema),
      turn,
      told: JSON.stringify(messages.at(-1)?.content),
    });
    const named = calls.map(({ name, input }, index) => ({
      id: `c${turn}-${index}`,
      name,
      json: JSON.stringify(input),
    }));
    message({ texts: ['I go on.'], calls: named, stopReason: 'tool_use' })(response, { path: '', headers: {}, body });
  });
}

/** The same model behind a server of strangers, which has its own idea of the protocol. */
async function strangersServer(): Promise<Server> {
  const server = new LLMock({ port: 0 });
  server.addFixture({
    match: { predicate: () => true },
    response: (request) => ({
      toolCalls: play(seenBy(request)).map(({ name, input }) => ({ name, arguments: JSON.stringify(input) })),
      // It counts nothing by itself.
      usage: { input_tokens: 1200, output_tokens: 60 },
    }),
  });
  const url = await server.start();
  return { url, close: () => server.stop() };
}

function seenBy({ messages, tools = [] }: ChatCompletionRequest): Seen {
  const last = messages.findLastIndex(({ role }) => role === 'assistant');
  return {
    tools: tools.map(({ function: { name } }) => name),
    answerFields: fieldsOf(tools.find(({ function: { name } }) => name === 'finish')?.function.parameters),
    turn: messages.filter(({ role }) => role === 'assistant').length,
    told: JSON.stringify(messages.slice(last + 1)),
  };
}

const Result = z.object({
  runId: z.string(),
  status: z.string(),
  rounds: z.record(z.string(), z.int()),
  outDir: z.string(),
  usage: z.object({ inputTokens: z.int(), outputTokens: z.int() }),
});

describe.skipIf(!existsSync('/usr/bin/bwrap'))('a competent model on the shipped repository', () => {
  test.each([
    ['an independent server that speaks it', strangersServer] as const,
    ...(isLong ? [['the Messages API of our tests', ownServer] as const] : []),
  ])('leaves a branch that does what was asked and passes all checks, behind %s', async (name, start) => {
    const server = await start();
    const home = join(dir, `${name.length}`, 'home');
    copyPostgresTemplate(join(home, 'postgres'));
    try {
      const env = {
        ...BASE_ENV,
        BATON_HOME: home,
        BATON_MODEL: 'claude-sonnet-5-5',
        ANTHROPIC_API_KEY: 'sk-test',
        ANTHROPIC_BASE_URL: server.url,
      };
      const out = join(dir, `${name.length}`, 'out');
      const requirements = 'examples/requirements/csv-delimiters.md';
      const args = ['--workspace', 'examples/repository/csv-tools', '--requirements', requirements];
      const { stdout } = await run(process.execPath, [CLI, 'demo', '--json', '--out', out, ...args], {
        cwd: ROOT,
        env,
      });
      const { runId, status, rounds, usage } = Result.parse(JSON.parse(stdout));
      expect({ status, rounds }).toEqual({ status: 'succeeded', rounds: { plan: 1, code: 1 } });
      expect(usage.inputTokens).toBeGreaterThan(0);
      await run('git', ['checkout', '-q', `baton/${runId.slice(0, 8)}`], { cwd: out });
      await run(process.execPath, ['--test'], { cwd: out });
      await run(process.execPath, ['scripts/conventions.ts'], { cwd: out });
      await writeFile(join(out, 'prices.csv'), 'name;price\nTea;2,50\n');
      const described = await run(process.execPath, ['src/cli.ts', 'select', 'prices.csv', 'price'], { cwd: out });
      expect(described.stdout).toBe('price\n"2,50"\n');
    } finally {
      await server.close();
    }
  });
});
