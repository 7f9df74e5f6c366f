import {
  BUNDLE,
  intakeMessages,
  MessageBundle,
  type MessageSchemas,
  resultMessages,
  workerMessages,
} from '@baton/contracts';
import { z } from 'zod';

type JsonSchema = Readonly<Record<string, unknown>>;

/** What a refinement says and zod's translation leaves out: the body is inline or in the blob store, not both. */
const EITHER: Readonly<Record<string, readonly [string, string]>> = {
  'worker.task': ['arguments', 'blobRef'],
  'results.succeeded': ['output', 'blobRef'],
};

/**
 * JSON Schemas (draft 2020-12) of every message on the queues, by `<kind of queue>.<job name>`. With these and a BullMQ
 * library a program in any language can take part.
 */
export function messageSchemas(): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries([
    ...translated('intake', intakeMessages),
    ...translated('worker', workerMessages),
    ...translated('results', resultMessages),
    // What a queue of either kind may bring in place of several of its messages.
    ...translated('worker', { [BUNDLE]: MessageBundle }),
    ...translated('results', { [BUNDLE]: MessageBundle }),
  ]);
}

function translated(kind: string, messages: MessageSchemas): readonly (readonly [string, JsonSchema])[] {
  return Object.entries(messages).map(([name, schema]) => {
    const id = `${kind}.${name}`;
    // `input`: what a producer may send, before defaults are filled in.
    const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    const oneOf = EITHER[id]?.map((property) => ({ required: [property] }));
    return [
      id,
      { $schema, $id: `urn:baton:schema:${id}`, title: id, ...rest, ...(oneOf === undefined ? {} : { oneOf }) },
    ];
  });
}
