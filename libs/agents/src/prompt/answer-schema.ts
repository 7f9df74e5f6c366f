import type { Json, JsonObject } from '@baton/contracts';
import { CallStopped, checkSchema, checkValue, type SchemaFinding, type Stoppable } from '@baton/threads';
import { type ParsedAnswer, parseJson } from '../model/parse-answer.js';
import { cap } from '../task/problems.js';

/** Reads a model's text as JSON that fits the schema of its task. */
export type ReadAnswer = (text: string) => Promise<ParsedAnswer<Json>>;

/** Checks values against JSON Schemas (2020-12; `format` is an annotation) that may take for ever. */
export interface SchemaChecks {
  schema(schema: string): Promise<readonly SchemaFinding[]>;
  value(schema: string, value: Json): Promise<readonly SchemaFinding[]>;
}

/** Does it here and now. */
export const SCHEMAS_IN_PLACE: SchemaChecks = {
  schema: async (schema) => checkSchema(schema),
  value: async (schema, value) => checkValue(schema, value),
};

const TIME_MS = 3_000;

/** Does it in a thread, where it can be stopped: the schema is the workflow's, and the value a model's. */
export const schemasOn = (stoppable: Stoppable): SchemaChecks => {
  const call = async (name: string, parts: readonly string[]): Promise<readonly SchemaFinding[]> => {
    try {
      return JSON.parse(await stoppable.call(name, parts, { timeMs: TIME_MS }));
    } catch (thrown) {
      if (!(thrown instanceof CallStopped)) throw thrown;
      return [{ pointer: '', detail: `could not be checked against the schema: that ${thrown.message}` }];
    }
  };
  return {
    schema: (schema) => call('check-schema', [schema]),
    value: (schema, value) => call('check-value', [schema, JSON.stringify(value)]),
  };
};

/** Makes the reader of answers that fit a schema; a sentence where it is none. */
export async function answerReader(
  given: JsonObject,
  checks: SchemaChecks,
): Promise<{ readonly ok: true; readonly read: ReadAnswer } | { readonly ok: false; readonly problem: string }> {
  const schema = JSON.stringify(given);
  const wrong = await checks.schema(schema);
  if (wrong.length > 0) return { ok: false, problem: wrong.map(describe).join('; ') };
  const read: ReadAnswer = async (text) => {
    const parsed = parseJson(text, given);
    if (!parsed.ok) return parsed;
    const problems = await checks.value(schema, parsed.value);
    return problems.length === 0 ? parsed : { ok: false, problems: cap(problems.map(describe)) };
  };
  return { ok: true, read };
}

/** `/scores/0: must be <= 10`. */
const describe = ({ pointer, detail }: SchemaFinding): string => (pointer === '' ? detail : `${pointer}: ${detail}`);
