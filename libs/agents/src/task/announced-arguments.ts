import { JsonObject } from '@baton/contracts';
import { z } from 'zod';

/*
 * What the agents say of their arguments where workers are listed. Each may do more than one thing; said is what it is usually
 * asked for first, since that is what somebody who composes a workflow of it needs.
 */

/** Every worker says it every few seconds. */
const MOST_CHARACTERS = 12_000;

/** The JSON Schema of arguments as they are given, without what has a value where nothing is said; the whole of it is long. */
export function argumentsSchemaOf(schema: z.ZodType): JsonObject {
  const made = JsonObject.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  const { $schema: _, ...rest } = made;
  if (JSON.stringify(rest).length > MOST_CHARACTERS)
    throw new Error('the arguments of an agent are too long to be said');
  return rest;
}

/** Of the worker prompt, without its conversations: those need a workflow that does what the model asks for. */
export const PROMPT_ARGUMENTS: JsonObject = {
  type: 'object',
  required: ['prompt'],
  additionalProperties: false,
  properties: {
    prompt: { type: 'string', description: 'The question, as a text; with variables a {{placeholder}} for each.' },
    variables: { type: 'object', description: 'What the placeholders of the question stand for.' },
    output: { type: 'object', description: 'JSON Schema of the answer; without one it is { text }.' },
    maxOutputTokens: { type: 'integer', description: 'The most tokens of the answer.' },
  },
};
