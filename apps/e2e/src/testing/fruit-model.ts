import { message, startMessagesServer } from '@baton/llm/testing';
import { z } from 'zod';

/*
 * A model that adds the fruit it is asked for to a list, and where others added theirs at the same place, keeps both. It reads
 * what it is asked and nothing else.
 */

const Asked = z.object({
  messages: z.array(z.object({ role: z.string(), content: z.unknown() })),
  tools: z.array(z.object({ name: z.string(), input_schema: z.unknown() })).default([]),
});
const Properties = z.object({ properties: z.record(z.string(), z.unknown()).default({}) });

interface Call {
  readonly name: string;
  readonly input: object;
}

const PLAN = {
  goal: 'The list has one fruit more.',
  components: [{ name: 'fruits', purpose: 'the list' }],
  files: [{ path: 'fruits.js', purpose: 'the list' }],
  interfaces: [],
  testPlan: ['the tests that are there'],
  risks: [],
  openQuestions: [],
  answers: [],
};
const REVIEW = {
  issues: [],
  summary: 'It does what is asked.',
  scores: { alignment: 9.5, standardization: 9.5, compatibility: 9.5 },
  verdict: 'pass',
};

export const fruitsWith = (...names: readonly string[]): string =>
  `export const fruits = [\n${names.map((name) => `  '${name}',\n`).join('')}];\n`;

function callsOf(asked: string, fields: readonly string[], turn: number): readonly Call[] {
  const finish = (input: object): readonly Call[] => [{ name: 'finish', input }];
  if (fields.includes('components')) return finish(PLAN);
  if (fields.includes('scores')) return finish(REVIEW);
  const isRefining = fields.includes('answers');
  if (turn > 0) {
    const answers = [{ to: 'merge', answer: 'The list holds what both added.' }];
    return finish(
      isRefining ? { notes: 'Both fruits.', answers } : { notes: 'One fruit.', testCommand: 'node --test' },
    );
  }
  if (isRefining) {
    // What it was told of the conflict names the file and the line; both sides stand there.
    if (!/fruits\.js/.test(asked) || !asked.includes('others changed the same lines'))
      throw new Error('nothing conflicts');
    return [{ name: 'write', input: { path: 'fruits.js', content: fruitsWith('pear', 'apple', 'banana') } }];
  }
  const [, fruit = ''] = /Add the fruit (\w+)/.exec(asked) ?? [];
  return [{ name: 'edit', input: { path: 'fruits.js', old: "  'pear',\n", new: `  'pear',\n  '${fruit}',\n` } }];
}

/** Speaks the Messages API. */
export const startFruitModel = () =>
  startMessagesServer((response, { body }) => {
    const { messages, tools } = Asked.parse(body);
    const turn = messages.filter(({ role }) => role === 'assistant').length;
    const schema = tools.find(({ name }) => name === 'finish')?.input_schema;
    const fields = Object.keys(Properties.safeParse(schema).data?.properties ?? {});
    const calls = callsOf(JSON.stringify(messages), fields, turn).map(({ name, input }, index) => ({
      id: `c${turn}-${index}`,
      name,
      json: JSON.stringify(input),
    }));
    message({ texts: ['I go on.'], calls, stopReason: 'tool_use' })(response, { path: '', headers: {}, body });
  });
