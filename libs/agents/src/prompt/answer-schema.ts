import { Json, type JsonObject, toError } from '@baton/contracts';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { type ParsedAnswer, parseJson } from '../model/parse-answer.js';
import { cap } from '../task/problems.js';

/** Reads a model's text as JSON that fits the schema of its task. */
export type ReadAnswer = (text: string) => ParsedAnswer<Json>;

/** Compiles a JSON Schema (2020-12; `format` is an annotation); a sentence where it is none. */
export function answerReader(
  schema: JsonObject,
): { readonly ok: true; readonly read: ReadAnswer } | { readonly ok: false; readonly problem: string } {
  let fits: ValidateFunction;
  try {
    // A fresh instance each time: two tasks may use the same `$id`.
    fits = new Ajv2020({ allErrors: true, strict: false, validateFormats: false, logger: false }).compile({
      ...schema,
    });
  } catch (thrown) {
    return { ok: false, problem: toError(thrown).message };
  }
  const read: ReadAnswer = (text) => {
    const parsed = parseJson(text);
    if (!parsed.ok) return parsed;
    const json = Json.safeParse(parsed.value);
    if (!json.success) return { ok: false, problems: ['the answer is not JSON'] };
    if (fits(json.data)) return { ok: true, value: json.data };
    return { ok: false, problems: cap((fits.errors ?? []).map(describe)) };
  };
  return { ok: true, read };
}

/** `/scores/0: must be <= 10`, with the words the message leaves out. */
function describe({ keyword, instancePath, params, message }: ErrorObject): string {
  const place = instancePath === '' ? '' : `${instancePath}: `;
  const text = message ?? `fails ${keyword}`;
  switch (keyword) {
    case 'enum':
      return `${place}${text}: ${JSON.stringify(params.allowedValues)}`;
    case 'const':
      return `${place}${text}: ${JSON.stringify(params.allowedValue)}`;
    case 'additionalProperties':
      return `${place}${text}: ${JSON.stringify(params.additionalProperty)}`;
    default:
      return `${place}${text}`;
  }
}
