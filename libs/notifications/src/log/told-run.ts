import { BatonError, type RunId, toError } from '@baton/contracts';
import { type NamedDocument, readStream } from '@baton/event-store';
import { type RunEvent, readEvent } from '@baton/workflow';
import type { Pool } from 'pg';
import type { RunOfEvent } from './to-notification.js';

/** A run that is told of, and what webhooks choose their runs by. */
export interface ToldRun extends RunOfEvent {
  readonly labels: Readonly<Record<string, string>>;
}

/** What is read of an event that may be news. */
interface LoggedEvent {
  readonly position: number;
  readonly type: string;
  readonly schemaVersion: number;
  readonly dataText: string;
  readonly document?: NamedDocument | undefined;
}

/**
 * Workflow, version and labels stand in the first event of a run: there it starts, or takes over another's state. Null for
 * a run that never began.
 */
export async function readRun(pool: Pool, runId: RunId): Promise<ToldRun | null> {
  const [first] = await readStream(pool, runId, { fromVersion: 1, toVersion: 1 });
  if (first === undefined) return null;
  const event = understood(first);
  switch (event.type) {
    case 'RunStarted': {
      const { workflow, labels } = event.data;
      return { runId, workflow: workflow.name, workflowVersion: workflow.version, labels };
    }
    case 'RunForked': {
      const { workflow, labels } = event.data.carry.state;
      return { runId, workflow: workflow.name, workflowVersion: workflow.version, labels };
    }
    default:
      throw new Error(`run ${runId} begins with ${event.type}`);
  }
}

/** @throws BatonError `event-not-understood` */
export function understood(event: LoggedEvent): RunEvent {
  try {
    return readEvent(event);
  } catch (thrown) {
    const error = toError(thrown);
    throw new BatonError(`The event at position ${event.position} cannot be told to webhooks: ${error.message}`, {
      code: 'event-not-understood',
      next: (error instanceof BatonError ? error.next : undefined) ?? 'Verify the log with `baton audit verify`.',
      cause: error,
    });
  }
}
