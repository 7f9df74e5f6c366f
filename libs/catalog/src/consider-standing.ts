import { BatonError, type ConsiderBody, type Json, type JsonObject } from '@baton/contracts';
import {
  type Considered,
  consider,
  EVENT_SCHEMA_VERSION,
  type Outcome,
  rebuild,
  type Standing,
  upcast,
} from '@baton/workflow';
import { checkDocument } from './check-document.js';

type GivenEvent = NonNullable<ConsiderBody['events']>[number];

/** What is to be considered, as it travels to a thread: documents and logs of anybody's. */
export interface StandingGiven {
  readonly from:
    | { readonly type: 'state'; readonly document: JsonObject; readonly at: NonNullable<ConsiderBody['at']> }
    | { readonly type: 'log'; readonly events: readonly GivenEvent[] };
  readonly outcome: ConsiderBody['outcome'] | null;
  readonly nowMs: number;
}

export type ConsideredStanding =
  | { readonly ok: true; readonly considered: Considered }
  | { readonly ok: false; readonly reason: string; readonly next: string; readonly pointer: string };

/** Reads it, and asks the engine. Takes as long as the expressions of the document take: see `Checks`. */
export async function considerStanding({ from, outcome, nowMs }: StandingGiven): Promise<ConsideredStanding> {
  const read = from.type === 'state' ? stateFrom(from) : runFrom(from.events);
  if (!read.ok) return read;
  const said = outcome == null ? null : outcomeOf(outcome);
  if (said === undefined) {
    return refused('/outcome', 'The outcome says nothing, or too much.', 'Give one of output, error and decision.');
  }
  return consider(read.standing, said, nowMs);
}

type Read = { readonly ok: true; readonly standing: Standing } | Extract<ConsideredStanding, { ok: false }>;

function stateFrom({ document: json, at }: Extract<StandingGiven['from'], { type: 'state' }>): Read {
  const checked = checkDocument(json);
  if (!checked.ok) {
    const [first] = checked.findings;
    return refused(
      `/workflow${first?.pointer ?? ''}`,
      `The document cannot run: ${first?.message ?? 'it is not valid'}.`,
      'Validate the document, and correct what that finds.',
    );
  }
  const { document, sha256 } = checked;
  const { state, input = {}, variables = {}, runInput = {}, phase = null, scores = [], errorCount = 0 } = at;
  const handedIn = { document, sha256, state, input, variables, runInput, phase, scores, errorCount };
  return { ok: true, standing: { type: 'state', handedIn } };
}

function runFrom(events: readonly GivenEvent[]): Read {
  try {
    const run = rebuild(
      events.map(({ type, schemaVersion, data }) => upcast(type, schemaVersion ?? EVENT_SCHEMA_VERSION, data)),
    );
    if (run.status !== 'new') return { ok: true, standing: { type: 'run', run } };
  } catch (thrown) {
    // An event that follows from none before it is a fault of the log, which is somebody's own here.
    const reason = thrown instanceof BatonError ? thrown.message : 'The events do not follow from each other.';
    return refused('/events', reason, 'Give the events of one run from its first one on, as the API gives them.');
  }
  return refused('/events', 'The events begin no run.', 'Give the events of one run from its first one on.');
}

/** Undefined where it is none, or several. */
function outcomeOf(given: NonNullable<ConsiderBody['outcome']>): Outcome | undefined {
  const { state, output, error, cause, retryable, decision, comment, move } = given;
  const said = [output, error, decision].filter((each) => each !== undefined);
  if (said.length !== 1) return undefined;
  if (decision !== undefined) return { state, decision, comment, move };
  if (error !== undefined) return { state, error, cause, retryable };
  return { state, output: output as Json };
}

const refused = (pointer: string, reason: string, next: string) => ({ ok: false as const, pointer, reason, next });
