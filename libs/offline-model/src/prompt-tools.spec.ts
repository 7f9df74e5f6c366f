import type { Json, JsonObject } from '@baton/contracts';
import type { ModelRequest, ModelTurn } from '@baton/llm';
import { expect, test } from 'vitest';
import { sayInPrompt } from './prompt-tools.js';

const tool = (name: string, description: string, properties: JsonObject = {}) => ({
  name,
  description,
  inputSchema: { type: 'object', required: Object.keys(properties), properties },
});
const finish = tool('finish', 'Hands in your answer.', { answer: { type: 'string' } });
const TOOLS = [
  tool('weather', 'The weather of a city: rain, sun, wind.', { city: { type: 'string' } }),
  tool('orders', 'Orders, invoices and parcels.', { about: { type: 'string' } }),
  finish,
];

const request = (variables: JsonObject, changes: Partial<ModelRequest> = {}): ModelRequest => ({
  agent: 'prompt',
  template: { id: 'inline', version: '1.0.0' },
  model: 'offline',
  system: '',
  prompt: '',
  variables,
  output: null,
  maxOutputTokens: 100,
  conversationId: 'r',
  tools: TOOLS,
  ...changes,
});

const turn = (name: string, input: Json, output: string): ModelTurn => ({
  content: [{ type: 'tool_use', id: 'c', name, input }],
  outcomes: [
    { callId: 'c', text: `BEGIN DATA ${name} 0123456789ab\n${output}\nEND DATA ${name} 0123456789ab`, isError: false },
  ],
});

const callOf = (asked: ModelRequest) => {
  const { name, input } = sayInPrompt(asked).toolCalls[0] ?? { name: '', input: null };
  return [name, input];
};

test('the tool that shares words with the question is called once, and what it gave is in the answer', () => {
  const mail = { mail: 'Where is my parcel?' };
  expect(callOf(request(mail))).toEqual(['orders', { about: 'Where is my parcel?' }]);
  const told = turn('orders', {}, 'The parcel left on Tuesday.');
  expect(callOf(request(mail, { turns: [told] }))).toEqual(['finish', { answer: 'The parcel left on Tuesday.' }]);
});

test('no tool is called where none has to do with the question, and a workspace is looked at', () => {
  const greeting = { mail: 'Good morning.' };
  expect(callOf(request(greeting))).toEqual(['finish', { answer: 'Good morning.' }]);
  const tools = [tool('list', 'Lists the files.'), finish];
  expect(callOf(request(greeting, { tools }))).toEqual(['list', {}]);
});

test.each<readonly [JsonObject, readonly ModelTurn[], string, Json]>([
  [
    { question: 'What is the average of 1, 2.5 and -3?' },
    [],
    'calculate',
    { operation: 'average', numbers: [1, 2.5, -3] },
  ],
  [
    { question: 'The total, please.', data: { a: [1, 2], b: '3' } },
    [],
    'calculate',
    { operation: 'sum', numbers: [1, 2, 3] },
  ],
  [{ question: 'How many words has "It is so"?' }, [], 'measure_text', { text: 'It is so' }],
  [{ question: 'Write a report.', data: { a: 1 } }, [], 'report', { data: { a: 1 } }],
  [
    { question: 'The sum of 1 and 2?' },
    [turn('calculate', { operation: 'sum' }, '{"result": 3}')],
    'finish',
    { answer: 'The sum is 3.', isAnswered: true },
  ],
  [
    { question: 'Who are you?' },
    [],
    'finish',
    { answer: 'None of the tools can answer this, and I know nothing of it myself.', isAnswered: false },
  ],
])('the tool router plays %j', (variables, turns, name, input) => {
  const template = { id: 'tool_router', version: '1.0.0' };
  expect(callOf(request(variables, { template, turns }))).toEqual([name, input]);
});
