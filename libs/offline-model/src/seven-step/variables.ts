import { type JsonObject, TerminalError } from '@baton/contracts';
import { z } from 'zod';
import { Code, PersonComment, Plan, Review, Scores, SourceFile, ToolReport } from './outputs.js';
import { Language } from './script.js';

/** A prompt may have been filled with JSON text where the value was meant; both are taken. */
const parsedValue = (value: unknown): unknown => {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
};

const value = <T extends z.ZodType>(schema: T) => z.preprocess(parsedValue, schema);
const optional = <T extends z.ZodType>(schema: T, absent: z.output<T>) =>
  z.preprocess(
    parsedValue,
    schema.catch(() => absent),
  );

const NOTHING = { files: [], notes: '', testCommand: '' };
const NO_PLAN = Plan.parse({});

/** Everything the seven steps may be asked with. Only the requirements must be there. */
export const Variables = z.object({
  requirements: z.string(),
  language: optional(Language, 'typescript'),
  files: optional(z.array(SourceFile), []),
  round: optional(z.coerce.number().int().positive(), 1),
  thresholds: optional(Scores, { alignment: 9, standardization: 8, compatibility: 8 }),
  plan: optional(Plan, NO_PLAN),
  review: optional(Review, Review.parse({})),
  code: optional(Code, NOTHING),
  reviews: optional(z.array(value(Review)), []),
  toolReport: optional(ToolReport, { tools: [], failing: [] }),
  comments: optional(z.array(value(PersonComment)), []),
});
export type Variables = z.infer<typeof Variables>;

export function readVariables(variables: JsonObject): Variables {
  const result = Variables.safeParse(variables);
  if (result.success) return result.data;
  throw new TerminalError(`The offline model cannot answer: ${z.prettifyError(result.error)}`, {
    code: 'offline-bad-variables',
    next: 'Fill the prompt with the requirements as text.',
    cause: result.error,
  });
}
