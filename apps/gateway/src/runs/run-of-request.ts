import type { JsonObject, RunId } from '@baton/contracts';
import { readStream } from '@baton/event-store';
import { canonicalJson, readEvent } from '@baton/workflow';
import type { Pool } from 'pg';

/** Whether the run that exists is one of that workflow with that input. */
export async function isRunOf(pool: Pool, runId: RunId, workflow: string, input: JsonObject): Promise<boolean> {
  const [first] = await readStream(pool, runId, { toVersion: 1 });
  if (first === undefined) return false;
  const event = readEvent(first);
  return (
    event.type === 'RunStarted' &&
    event.data.workflow.name === workflow &&
    canonicalJson(event.data.input) === canonicalJson(input)
  );
}
