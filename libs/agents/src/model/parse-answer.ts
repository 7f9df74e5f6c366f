import { toError } from '@baton/contracts';
import { z } from 'zod';
import { type ModelOutputName, modelOutputs } from '../outputs.js';

export type ModelOutput<N extends ModelOutputName> = z.infer<(typeof modelOutputs)[N]>;

export type ParsedAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly string[] };

/** More problems than these would only bury the first ones. */
const MAX_PROBLEMS = 20;

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

/** `files[2].path: is absolute`, one line an issue. */
export function describeIssues(error: z.ZodError): readonly string[] {
  return cap(
    error.issues.map((issue) => {
      const path = z.core.toDotPath(issue.path);
      return path === '' ? issue.message : `${path}: ${issue.message}`;
    }),
  );
}

/** The first problems, and how many more there are. */
export const cap = (problems: readonly string[]): readonly string[] =>
  problems.length <= MAX_PROBLEMS
    ? problems
    : [...problems.slice(0, MAX_PROBLEMS), `and ${problems.length - MAX_PROBLEMS} more`];
