import { toError } from '@baton/contracts';
import type { z } from 'zod';
import { type ModelOutputName, modelOutputs } from '../task/outputs.js';
import { cap, describeIssues } from '../task/problems.js';

export type ModelOutput<N extends ModelOutputName> = z.infer<(typeof modelOutputs)[N]>;

export type ParsedAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly string[] };

/** What an answer must fulfil beyond its schema: one sentence for each thing that is wrong. */
export type CheckAnswer<T> = (value: T) => readonly string[];

/** Reads the text of a model as the named output. Problems are written for the model, which gets them back once. */
export function parseAnswer<N extends ModelOutputName>(
  name: N,
  text: string,
  check: CheckAnswer<ModelOutput<N>>,
): ParsedAnswer<ModelOutput<N>> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const schema: z.ZodType<ModelOutput<N>> = modelOutputs[name] as unknown as z.ZodType<ModelOutput<N>>;
  const parsed = schema.safeParse(json.value);
  if (!parsed.success) return { ok: false, problems: describeIssues(parsed.error) };
  const problems = check(parsed.data);
  return problems.length === 0 ? { ok: true, value: parsed.data } : { ok: false, problems: cap(problems) };
}

/** Servers without structured output wrap the object in a code fence or in prose; what is inside is checked all the same. */
export function parseJson(text: string): ParsedAnswer<unknown> {
  const trimmed = text.trim();
  const inFence = /^```(?:json)?\s*\n([\s\S]*?)\n\s*```$/m.exec(trimmed)?.[1];
  const inBraces = trimmed.slice(trimmed.indexOf('{'), trimmed.lastIndexOf('}') + 1);
  let reason = 'the answer is empty';
  for (const candidate of [trimmed, inFence, inBraces]) {
    if (candidate === undefined || candidate === '') continue;
    try {
      return { ok: true, value: JSON.parse(candidate) };
    } catch (error) {
      if (candidate === trimmed) reason = `the answer is not JSON: ${toError(error).message}`;
    }
  }
  return { ok: false, problems: [reason] };
}
