import { isJsonObject, type Json, type JsonObject, type RunId } from '@baton/contracts';
import { readStream } from '@baton/event-store';
import { canonicalJson, readEvent } from '@baton/workflow';
import type { Pool } from 'pg';

/** `other`: the run that exists is one of another workflow, or with another input. */
type Begun = 'not-begun' | 'same' | 'other';

const likenessOf = (input: Json, likeness: (input: JsonObject) => JsonObject): Json =>
  isJsonObject(input) ? likeness(input) : input;

/** Whether a run exists, and is one of that workflow with that input. */
export async function runBegun(
  pool: Pool,
  runId: RunId,
  workflow: string,
  input: JsonObject,
  likeness: (input: JsonObject) => JsonObject,
): Promise<Begun> {
  const [first] = await readStream(pool, runId, { toVersion: 1 });
  if (first === undefined) return 'not-begun';
  const event = readEvent(first);
  const isSame =
    event.type === 'RunStarted' &&
    event.data.workflow.name === workflow &&
    canonicalJson(likenessOf(event.data.input, likeness)) === canonicalJson(likeness(input));
  return isSame ? 'same' : 'other';
}
