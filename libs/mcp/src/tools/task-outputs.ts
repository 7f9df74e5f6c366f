import { type EventView, Json } from '@baton/contracts';
import { z } from 'zod';
import type { ToolPorts } from '../tool.js';

/** What came of a task. */
interface TaskOutput {
  /** The event with which it came. */
  readonly event: number;
  readonly at: string;
  readonly resource: string;
  readonly output: Json;
}

interface TaskOutputs {
  /** Oldest first. */
  readonly outputs: readonly TaskOutput[];
  /** The last event that was looked at, where the run has more than are looked at; null where all of it was. */
  readonly readTo: number | null;
}

const PAGE = 500;
/** Of the two events that each task has: ten thousand tasks. */
const MOST_EVENTS = 20_000;

const Asked = z.looseObject({ commandId: z.string(), resource: z.string() });
const Came = z.looseObject({ commandId: z.string(), output: Json });

/** What the tasks of a run handed out that asked for one of some resources, from the beginning of its log on. */
export async function outputsOf(
  { api }: Pick<ToolPorts, 'api'>,
  { runId, resources }: { readonly runId: string; readonly resources: readonly string[] },
  signal: AbortSignal,
  mostEvents = MOST_EVENTS,
): Promise<TaskOutputs> {
  const open = new Map<string, string>();
  const outputs: TaskOutput[] = [];
  let cursor: string | undefined;
  let readTo = 0;
  for (let read = 0; read < mostEvents; ) {
    const limit = Math.min(PAGE, mostEvents - read);
    const query = { run: runId, type: ['TaskScheduled', 'TaskSucceeded'], limit, cursor };
    const { events, next } = await api.get('/v1/events', { params: { query }, signal });
    for (const event of events) {
      const came = outputIn(event, resources, open);
      if (came !== undefined) outputs.push({ event: event.version, at: event.recordedAt, ...came });
    }
    if (next === null) return { outputs, readTo: null };
    cursor = next;
    // A page that was filtered may be short, and there is no end of a log that grows.
    read += limit;
    readTo = events.at(-1)?.version ?? readTo;
  }
  return { outputs, readTo };
}

/** @param open the tasks so far that asked for one of them and are not done, to which this one may be added */
function outputIn(
  { type, data }: EventView,
  resources: readonly string[],
  open: Map<string, string>,
): Pick<TaskOutput, 'resource' | 'output'> | undefined {
  if (type === 'TaskScheduled') {
    const asked = Asked.safeParse(data);
    if (asked.success && resources.includes(asked.data.resource)) open.set(asked.data.commandId, asked.data.resource);
    return undefined;
  }
  const came = Came.safeParse(data);
  const resource = came.success ? open.get(came.data.commandId) : undefined;
  if (!came.success || resource === undefined) return undefined;
  open.delete(came.data.commandId);
  return { resource, output: came.data.output };
}
