import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { JsonObject } from '@baton/contracts';
import { createPromptCache, message, startMessagesServer } from '@baton/llm/testing';
import { BASE_ENV, type Call, play, ROOT, type Seen } from '@baton/test-stack';
import { z } from 'zod';
import { type BenchResult, figure } from './result.js';

/*
 * What one run of the seven steps sends to a model: the shipped repository, a scripted model behind the Messages API, and a
 * prompt cache as that API has one. The model looks only for what it was not shown, and its readers find something in the
 * first round, so that a refinement is part of it. Tokens are four bytes each; money is that of the price list.
 */

const run = promisify(execFile);

export interface TokensOptions {
  /** A checkout of Baton, built: the one that is measured. */
  readonly checkout: string;
  readonly say: (text: string) => void;
}

const Asked = z.object({
  messages: z.array(z.object({ role: z.string(), content: z.unknown() })),
  tools: z.array(z.object({ name: z.string(), input_schema: z.unknown() })).default([]),
});
const Fields = z.object({ properties: z.record(z.string(), z.unknown()).default({}) });
const Result = z.object({
  status: z.string(),
  rounds: z.record(z.string(), z.int()),
  usage: z.object({ costUsd: z.number() }),
});

export async function benchTokens({ checkout, say }: TokensOptions): Promise<readonly BenchResult[]> {
  const cache = createPromptCache();
  const sum = { calls: 0, input: 0, written: 0, read: 0, output: 0 };
  const server = await startMessagesServer((response, { body, ...rest }) => {
    const calls = answerTo(body);
    const used = cache.usageOf(body);
    const output = Math.ceil(JSON.stringify(calls).length / 4);
    sum.calls += 1;
    sum.input += used.input_tokens;
    sum.written += used.cache_creation_input_tokens;
    sum.read += used.cache_read_input_tokens;
    sum.output += output;
    const named = calls.map(({ name, input }, index) => ({
      id: `call-${sum.calls}-${index}`,
      name,
      json: JSON.stringify(input),
    }));
    const usage = JsonObject.parse({ ...used, output_tokens: output });
    message({ texts: ['I go on.'], calls: named, stopReason: 'tool_use', usage })(response, { body, ...rest });
  });
  const folder = await mkdtemp(join(tmpdir(), 'baton-tokens-'));
  await chmod(folder, 0o711); // Root's Postgres runs as somebody else.
  try {
    say(`tokens of a run, ${checkout} …`);
    const { stdout } = await run(process.execPath, [join(checkout, 'apps/cli/dist/main.js'), ...demo(folder)], {
      cwd: checkout,
      maxBuffer: 16 * 1024 * 1024,
      env: {
        ...BASE_ENV,
        BATON_HOME: join(folder, 'home'),
        BATON_MODEL: 'claude-sonnet-5-5',
        ANTHROPIC_API_KEY: 'sk-bench',
        ANTHROPIC_BASE_URL: server.url,
      },
    });
    const { status, rounds, usage } = Result.parse(JSON.parse(stdout));
    if (status !== 'succeeded' || rounds.code !== 2)
      throw new Error(`the run ended otherwise: ${stdout.slice(0, 500)}`);
    const of = (name: string, value: number, unit = 'tokens') => figure(`a run, ${name}`, unit, [value]);
    return [
      of('calls to the model', sum.calls, 'calls'),
      of('input in all', sum.input + sum.written + sum.read),
      of('input that no cache held', sum.input),
      of('written to the cache', sum.written),
      of('read from the cache', sum.read),
      of('output', sum.output),
      of('cost', usage.costUsd * 100, 'cents'),
    ];
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const demo = (folder: string): readonly string[] => [
  ...['demo', '--json', '--out', join(folder, 'out')],
  ...['--workspace', join(ROOT, 'examples/repository/csv-tools')],
  ...['--requirements', join(ROOT, 'examples/requirements/csv-delimiters.md')],
];

function answerTo(body: JsonObject): readonly Call[] {
  const { messages, tools } = Asked.parse(body);
  const opening = JSON.stringify(messages[0]?.content);
  const seen: Seen = {
    tools: tools.map(({ name }) => name),
    answerFields: Object.keys(
      Fields.safeParse(tools.find(({ name }) => name === 'finish')?.input_schema).data?.properties ?? {},
    ),
    turn: messages.filter(({ role }) => role === 'assistant').length,
    told: JSON.stringify(messages.at(-1)?.content),
  };
  if (seen.answerFields.includes('answers') && !seen.answerFields.includes('components')) return refine(seen, opening);
  if (!seen.answerFields.includes('scores') || !seen.tools.includes('diff')) return unseen(play(seen), seen, opening);
  // A reader who was shown the difference need not ask for it.
  const turn = seen.turn === 0 && opening.includes('diff --git') ? 1 : seen.turn;
  return play({ ...seen, turn }).map(({ name, input }) => ({
    name,
    input: name === 'finish' && /code of round 1;/.test(opening) ? { ...input, ...FAULT } : input,
  }));
}

/** What was shown already is not looked for. */
function unseen(calls: readonly Call[], seen: Seen, opening: string): readonly Call[] {
  const left = calls.filter(({ name, input }) => {
    const path = String(Reflect.get(input, 'path') ?? '');
    return name === 'list' ? !/package\.json {2}\d/.test(opening) : name !== 'read' || !opening.includes(`=== ${path}`);
  });
  return left.length > 0 || calls.length === 0 ? left : play({ ...seen, turn: seen.turn + 1 });
}

const FAULT = {
  issues: [
    {
      id: 'A1',
      severity: 'major',
      place: 'test/delimiter.test.ts',
      problem: 'A header that holds two delimiters equally often is not tested.',
      fix: 'Test that the comma wins.',
    },
  ],
  scores: { alignment: 7.5, standardization: 9.2, compatibility: 9.4 },
  verdict: 'revise',
};

const TIE = "\ntest('the comma wins a tie', () => {\n  assert.equal(guessDelimiter('a,b;c'), ',');\n});\n";

function refine({ turn }: Seen, opening: string): readonly Call[] {
  const at = "test('the commands guess'";
  const steps: readonly (readonly Call[])[] = [
    // What it has before it, as text or as JSON, it need not read.
    ...(opening.includes(at) ? [] : [[{ name: 'read', input: { path: 'test/delimiter.test.ts' } }]]),
    [{ name: 'edit', input: { path: 'test/delimiter.test.ts', old: at, new: `${TIE.trimStart()}\n${at}` } }],
    [{ name: 'run', input: { check: 'tests' } }],
    [{ name: 'finish', input: { answers: [{ to: 'A1', answer: 'Tested.' }], notes: 'The comma wins a tie.' } }],
  ];
  return steps[turn] ?? [];
}
