import type { Json, JsonObject } from '@baton/contracts';
import type { RunEvent } from '@baton/workflow';

/** What became of one visit of a state. */
export interface StateReport {
  readonly state: string;
  /**
   * `caught`: it failed and a catcher took over. `aborted`: given up, because a sibling failed. `waiting`: for an answer
   * that the test does not give, or for the machines inside it.
   */
  readonly status: 'succeeded' | 'caught' | 'failed' | 'aborted' | 'waiting';
  /** What the state was given. */
  readonly input: Json;
  /** What its task was given, the last time. */
  readonly arguments?: Json;
  readonly output: Json;
  /** The variables that it set. */
  readonly assigned: JsonObject;
  /** The state that follows; null where the machine ends. */
  readonly next: string | null;
  readonly error: string | null;
  readonly cause: string | null;
  /** How often it was retried. */
  readonly retries: number;
}

type Draft = { -readonly [K in keyof StateReport]: StateReport[K] } & { readonly frame: number };

/** The visits of a run's log, in the order in which they began. */
export function reportOf(events: readonly RunEvent[]): readonly StateReport[] {
  const visits = new Map<number, Draft>();
  const inputs = new Map<number, Json>();
  for (const event of events) note(event, visits, inputs);
  return [...visits.values()].map(({ frame: _frame, ...report }) => report);
}

function note(event: RunEvent, visits: Map<number, Draft>, inputs: Map<number, Json>): void {
  switch (event.type) {
    case 'FrameStarted':
      inputs.set(event.data.frame, event.data.input);
      return;
    case 'StateEntered': {
      const { visit, frame, state } = event.data;
      const input = inputs.get(frame) ?? null;
      visits.set(visit, { ...NOTHING_YET, state, frame, input });
      return;
    }
    case 'FrameAborted':
      for (const draft of visits.values()) {
        if (draft.frame === event.data.frame && draft.status === 'waiting') draft.status = 'aborted';
      }
      return;
    case 'TaskScheduled':
    case 'StateRetried':
    case 'StateExited':
    case 'ErrorCaught':
    case 'StateFailed': {
      const draft = visits.get(event.data.visit);
      if (draft !== undefined) noteVisit(event, draft, inputs);
      return;
    }
    default:
      return;
  }
}

const NOTHING_YET = {
  status: 'waiting',
  output: null,
  assigned: {},
  next: null,
  error: null,
  cause: null,
  retries: 0,
} as const;

type OfVisit = Extract<
  RunEvent,
  { type: 'TaskScheduled' | 'StateRetried' | 'StateExited' | 'ErrorCaught' | 'StateFailed' }
>;

function noteVisit(event: OfVisit, draft: Draft, inputs: Map<number, Json>): void {
  switch (event.type) {
    case 'TaskScheduled':
      draft.arguments = event.data.arguments;
      return;
    case 'StateRetried':
      draft.retries += 1;
      return;
    case 'StateFailed':
      Object.assign(draft, { status: 'failed', error: event.data.error, cause: event.data.cause });
      return;
    case 'ErrorCaught':
    case 'StateExited': {
      const { output, assign, next } = event.data;
      const failed = event.type === 'ErrorCaught' ? { error: event.data.error, cause: event.data.cause } : {};
      const status = event.type === 'ErrorCaught' ? 'caught' : 'succeeded';
      Object.assign(draft, { status, output, assigned: assign, next, ...failed });
      inputs.set(draft.frame, output);
      return;
    }
  }
}
