import { Json, type JsonObject } from '@baton/contracts';
import type { CallModel, ModelRequest, ModelTurn, ToolCall } from '@baton/llm';
import { z } from 'zod';
import { parseJson } from '../model/parse-answer.js';
import { appendBlocks } from '../templates/render.js';

/*
 * Tools for a model that has none: it is told of them in the prompt, says in JSON which one it wants, and is told again what
 * came of all that it wanted before. What comes out is what a model with tools would have said, so that the conversation is
 * the same, and may go on with another model.
 */

/** @param callModel takes requests without tools and turns */
export const toolsInText =
  (callModel: CallModel): CallModel =>
  async (request, signal) => {
    const { tools: _, turns = [], parts: __, ...rest } = request;
    const response = await callModel({ ...rest, prompt: inOneText(request), output: null }, signal);
    const calls = callsIn(response.text, turns.length);
    if (calls.length === 0) return response;
    const content = calls.map(({ id, name, input }): JsonObject => ({ type: 'tool_use', id, name, input }));
    return { ...response, text: '', content, toolCalls: calls, stopReason: 'tool_use' };
  };

const CLOSING = `Answer with one JSON object and nothing around it: {"tool": "<name>", "input": {…}}, with the name of one of these tools and an
input that fits its schema. You are told then what it gave. Hand in your answer by the tool finish in the same way.`;

function inOneText({ prompt, tools = [], turns = [] }: ModelRequest): string {
  const said = turns.map(textOfTurn);
  const soFar = said.length === 0 ? [] : ['What you did so far, and what came of it:', ...said];
  const definitions = tools.map(({ name, description, inputSchema }) => ({ name, description, input: inputSchema }));
  const intro = 'These are your tools:';
  return appendBlocks(
    [prompt, ...soFar].join('\n\n'),
    [{ intro, name: 'tools', text: JSON.stringify(definitions, null, 2) }],
    CLOSING,
  );
}

const Use = z.object({ type: z.literal('tool_use'), id: z.string(), name: z.string(), input: Json });

/** Outcomes of others stand between marks already. */
function textOfTurn({ content, outcomes, note }: ModelTurn): string {
  const said = content.flatMap((block) => {
    const use = Use.safeParse(block);
    if (!use.success) return typeof block.text === 'string' && block.text !== '' ? [JSON.stringify(block.text)] : [];
    const outcome = outcomes.find(({ callId }) => callId === use.data.id);
    const call = JSON.stringify({ tool: use.data.name, input: use.data.input });
    return [
      call,
      ...(outcome === undefined ? [] : [`${outcome.isError ? 'It failed:' : 'It gave:'}\n\n${outcome.text}`]),
    ];
  });
  return [...said, ...(note === undefined ? [] : [note])].join('\n\n');
}

const Wanted = z.object({ tool: z.string().min(1), input: z.record(z.string(), Json).default({}) });

function callsIn(text: string, turn: number): readonly ToolCall[] {
  const json = parseJson(text);
  if (!json.ok) return [];
  const wanted = z.union([Wanted.transform((one) => [one]), z.array(Wanted)]).safeParse(json.value);
  if (!wanted.success) return [];
  return wanted.data.map(({ tool, input }, index) => ({ id: `text-${turn}-${index}`, name: tool, input }));
}
