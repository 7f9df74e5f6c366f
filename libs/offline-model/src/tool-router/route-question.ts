import { type Json, JsonObject } from '@baton/contracts';
import { z } from 'zod';
import type { Done, Step } from '../steps.js';

/** The template of the workflow that lets a model choose among tools. */
export const TOOL_ROUTER = 'tool_router';

const Variables = z.looseObject({ question: z.string(), data: z.json().optional() });

/** Each tool by the words that ask for it, and what it is called with; null where the question lacks that. */
const ROUTES: readonly {
  readonly tool: string;
  readonly words: RegExp;
  readonly input: (question: string, data: Json) => JsonObject | null;
}[] = [
  {
    tool: 'calculate',
    words: /\b(?:sums?|totals?|average|mean|smallest|lowest|minimum|largest|highest|maximum|add(?:ed)? up)\b/i,
    input: (question, data) => {
      const own = numbersIn(question);
      const numbers = own.length > 0 ? own : numbersOf(data);
      return numbers.length === 0 ? null : { operation: operationIn(question), numbers: [...numbers] };
    },
  },
  {
    tool: 'measure_text',
    words: /\b(?:how (?:long|many)|words?|characters?|sentences?|length)\b/i,
    input: (question, data) => {
      const quoted = /["“„«](.+?)["”“»]/s.exec(question)?.[1];
      const text = quoted ?? (typeof data === 'string' ? data : undefined);
      return text === undefined ? null : { text };
    },
  },
  {
    tool: 'report',
    words: /\b(?:reports?|trends?|risks?|recommend(?:s|ed|ations?)?)\b/i,
    input: (_, data) => (data === null || data === '' ? null : { data }),
  },
];

/** Calls each tool that the question asks for, one after the other, and says what came of it. */
export function routeQuestion(variables: JsonObject, done: readonly Done[]): Step {
  const { question, data = null } = Variables.parse(variables);
  for (const { tool, words, input } of ROUTES) {
    if (done.some((each) => each.tool === tool) || !words.test(question)) continue;
    const found = input(question, data);
    if (found !== null) return { call: { tool, input: found } };
  }
  const answer = done.length === 0 ? NOTHING : done.map(sentenceFor).join(' ');
  return { answer: { answer, isAnswered: done.some(({ isError }) => !isError) } };
}

const NOTHING = 'None of the tools can answer this, and I know nothing of it myself.';

const numbersIn = (text: string): readonly number[] =>
  (text.match(/(?<![\w.,])-?\d+(?:\.\d+)?(?![\w%])/g) ?? []).map(Number);

function numbersOf(data: Json): readonly number[] {
  if (typeof data === 'number') return [data];
  if (typeof data === 'string') return numbersIn(data);
  if (typeof data !== 'object' || data === null) return [];
  return Object.values(data).flatMap(numbersOf);
}

function operationIn(question: string): string {
  if (/average|mean/i.test(question)) return 'average';
  if (/smallest|lowest|minimum/i.test(question)) return 'minimum';
  return /largest|highest|maximum/i.test(question) ? 'maximum' : 'sum';
}

function sentenceFor({ tool, input, text, isError }: Done): string {
  if (isError) return `${tool} failed: ${text.slice(0, 500)}`;
  const given = JsonObject.safeParse(input).data ?? {};
  const gave = parsedOr(text);
  if (tool === 'calculate') return `The ${String(given.operation)} is ${String(gave.result)}.`;
  if (tool === 'measure_text')
    return `The text has ${String(gave.words)} words and ${String(gave.characters)} characters.`;
  return `The report says: ${String(gave.summary).slice(0, 2_000)}`;
}

function parsedOr(text: string): JsonObject {
  try {
    return JsonObject.safeParse(JSON.parse(text)).data ?? {};
  } catch {
    return {};
  }
}
