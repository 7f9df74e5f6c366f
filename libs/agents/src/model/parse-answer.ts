import type { Json, JsonObject } from '@baton/contracts';
import { extractJson } from '@baton/llm';
import type { z } from 'zod';
import { jsonSchemaOf, type ModelOutputName, modelOutputs } from '../task/outputs.js';
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
  const json = parseJson(text, jsonSchemaOf(name));
  if (!json.ok) return json;
  const schema: z.ZodType<ModelOutput<N>> = modelOutputs[name] as unknown as z.ZodType<ModelOutput<N>>;
  const parsed = schema.safeParse(json.value);
  if (!parsed.success) return { ok: false, problems: describeIssues(parsed.error) };
  const problems = check(parsed.data);
  return problems.length === 0 ? { ok: true, value: parsed.data } : { ok: false, problems: cap(problems) };
}

/**
 * The JSON in an answer. What breaks off is not taken although it could be closed: half a file would pass for a whole one.
 */
export function parseJson(text: string, schema?: JsonObject): ParsedAnswer<Json> {
  const found = extractJson(text, schema);
  if (!found.ok) return { ok: false, problems: [found.reason] };
  if (found.isTruncated) return { ok: false, problems: ['the answer breaks off before its end'] };
  return { ok: true, value: found.value };
}
