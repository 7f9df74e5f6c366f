import { JsonObject } from '@baton/contracts';
import type { ModelRequest, ModelTurn, ToolDefinition } from '@baton/llm';
import { z } from 'zod';
import { fitSchema } from './any-question/fit-schema.js';
import { textOf } from './any-question/text-of.js';
import type { Done, Step } from './steps.js';
import { routeQuestion, TOOL_ROUTER } from './tool-router/route-question.js';
import type { Said } from './with-tools.js';
import { tellingWords } from './words.js';

const FINISH = 'finish';
/** What the worker does itself in a workspace: nothing here decides to change anything. */
const OF_THE_WORKER = new Set(['list', 'read', 'search', 'diff', 'run', 'write', 'edit', 'move', 'delete', FINISH]);

/**
 * Plays a prompt with tools: a script where the template has one; else it looks at what there is, calls the tool whose
 * description shares the most words with the question, once, and answers with excerpts of the question and of what it was told.
 */
export function sayInPrompt(request: ModelRequest): Said {
  const done = (request.turns ?? []).flatMap(doneIn);
  const step = request.template.id === TOOL_ROUTER ? routeQuestion(request.variables, done) : nextStep(request, done);
  const [name, input] = 'call' in step ? [step.call.tool, step.call.input] : [FINISH, step.answer];
  const text = 'call' in step ? `I call ${name}.` : 'I hand in my answer.';
  return { text, toolCalls: [{ id: `offline-${request.turns?.length ?? 0}-0`, name, input }] };
}

function nextStep({ tools = [], variables }: ModelRequest, done: readonly Done[]): Step {
  const isDone = (name: string): boolean => done.some(({ tool }) => tool === name);
  if (tools.some(({ name }) => name === 'list') && !isDone('list')) return { call: { tool: 'list', input: {} } };
  const question = textOf(variables);
  const fitting = fittingTool(tools, question);
  if (fitting !== null && !isDone(fitting.name)) {
    const input = JsonObject.parse(fitSchema(fitting.inputSchema, question));
    return { call: { tool: fitting.name, input } };
  }
  const told = done.filter(({ tool }) => tool === fitting?.name).map(({ text }) => text);
  const schema = tools.find(({ name }) => name === FINISH)?.inputSchema ?? { type: 'object' };
  return { answer: JsonObject.parse(fitSchema(schema, [...told, question].join('\n'))) };
}

/** The declared tool that shares the most words with the question; null where none shares any. */
function fittingTool(tools: readonly ToolDefinition[], question: string): ToolDefinition | null {
  const words = tellingWords(question);
  const shared = ({ name, description }: ToolDefinition): number =>
    [...tellingWords(`${name.replaceAll(/[-_]/g, ' ')} ${description}`)].filter((word) => words.has(word)).length;
  const [best] = tools
    .filter(({ name }) => !OF_THE_WORKER.has(name))
    .map((tool) => ({ tool, hits: shared(tool) }))
    .toSorted((a, b) => b.hits - a.hits);
  return best === undefined || best.hits === 0 ? null : best.tool;
}

const Use = z.object({ type: z.literal('tool_use'), id: z.string(), name: z.string(), input: z.json() });

function doneIn({ content, outcomes }: ModelTurn): readonly Done[] {
  return content.flatMap((block) => {
    const use = Use.safeParse(block);
    if (!use.success) return [];
    const outcome = outcomes.find(({ callId }) => callId === use.data.id);
    if (outcome === undefined) return [];
    const { name: tool, input } = use.data;
    return [{ tool, input, text: withoutMarks(outcome.text), isError: outcome.isError }];
  });
}

const withoutMarks = (text: string): string =>
  /^BEGIN DATA \S+ (\w+)\n([\s\S]*)\nEND DATA \S+ \1$/.exec(text)?.[2] ?? text;
