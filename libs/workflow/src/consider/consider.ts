import type { DecisionMode, Json, RunId } from '@baton/contracts';
import { decide } from '../decide.js';
import type { DecisionRecord } from '../decision-points/decision-record.js';
import type { Question } from '../decision-points/question.js';
import type { RunEvent } from '../events/run-event.js';
import { evolve } from '../evolve.js';
import type { OrderMeta, RunOrder } from '../orders.js';
import { initialState, type RunState, type StartedRun } from '../state/run-state.js';
import { type Outcome, orderOfOutcome } from './outcome.js';
import { cutOfState, type StateHandedIn } from './state-handed-in.js';

/*
 * The engine, asked and not obeyed: what it would do from a state that somebody hands in, and what else could be done there.
 * Nothing is written and nobody is sent anything; the same question has the same answer.
 */

/** Where to look from: a state of a document that is about to begin, or a run as its log gives it. */
export type Standing =
  | { readonly type: 'state'; readonly handedIn: StateHandedIn }
  | { readonly type: 'run'; readonly run: StartedRun };

/** What the engine would do. */
export interface Considered {
  readonly status: 'running' | 'paused' | 'succeeded' | 'failed' | 'cancelled';
  readonly phase: string | null;
  /** The first decision point that is met, with its closed list of moves; null where none is. */
  readonly question: Pick<
    Question,
    'point' | 'classification' | 'reasons' | 'phase' | 'round' | 'scores' | 'rule' | 'rationale' | 'moves' | 'blocked'
  > | null;
  /** What the rules decide, there and at further points on the way, in order. */
  readonly decisions: readonly DecisionRecord[];
  /** What the run then waits for: this is what somebody would have to do. */
  readonly waitsFor: readonly Awaited[];
  readonly output: Json;
  readonly error: string | null;
  readonly cause: string | null;
}

/** One thing that a run waits for. */
interface Awaited {
  readonly state: string;
  /** The Resource of its Task; null for a timer. */
  readonly resource: string | null;
  readonly attempt: number;
  /** What its worker, or the person, is given; null for a timer, and where it was asked for before. */
  readonly arguments: Json;
  readonly deadline: string | null;
}

export type Considering =
  | { readonly ok: true; readonly considered: Considered }
  | { readonly ok: false; readonly reason: string; readonly next: string; readonly pointer: string };

const RUN_ID: RunId = '0123abcd-0000-4000-8000-0000000c0de0';

/**
 * @param outcome what came of something that the run waits for; null: the run goes on by itself, where it can
 * @param nowMs the time it is, for the engine
 */
export async function consider(standing: Standing, outcome: Outcome | null, nowMs: number): Promise<Considering> {
  const meta: OrderMeta = { nowMs, actor: { type: 'system', id: 'consider' } };
  const begin = await beginning(standing, meta);
  if (!begin.ok) return begin;
  const told = outcome === null ? { order: begin.order } : orderOfOutcome(begin.run, outcome);
  if (!('order' in told)) return { ok: false, ...told };
  const asked = told.order;
  const ruled = await follow(begin.before, asked, 'programmatic', meta);
  const advised = await follow(begin.before, asked, 'llm', meta);
  const state = ruled.state.status === 'new' ? begin.run : ruled.state;
  const question = advised.question ?? openQuestion(begin.run);
  return {
    ok: true,
    considered: {
      status: state.status === 'running' && state.isPaused ? 'paused' : state.status,
      phase: state.phase,
      question: question === null ? null : shown(question),
      decisions: ruled.decisions,
      waitsFor: awaitedOf(state, ruled.events),
      output: state.output,
      error: state.error,
      cause: state.cause,
    },
  };
}

type Beginning =
  | { readonly ok: true; readonly before: RunState; readonly run: StartedRun; readonly order: RunOrder | null }
  | Extract<Considering, { ok: false }>;

/** A run goes on from where it is; a state is begun as that of a fork, which goes on from any cut. */
async function beginning(standing: Standing, meta: OrderMeta): Promise<Beginning> {
  if (standing.type === 'run') return { ok: true, before: standing.run, run: standing.run, order: null };
  const made = await cutOfState(standing.handedIn, RUN_ID, meta);
  if (!made.ok) return made;
  const { cut } = made;
  const from = { runId: RUN_ID, version: cut.version };
  const order: RunOrder = { type: 'ForkRun', requestId: 'consider', runId: RUN_ID, from, cut, labels: {} };
  return { ok: true, before: initialState, run: cut.state, order };
}

interface Followed {
  readonly state: RunState;
  readonly events: readonly RunEvent[];
  readonly decisions: readonly DecisionRecord[];
  readonly question: Question | null;
}

async function follow(
  before: RunState,
  order: RunOrder | null,
  mode: DecisionMode,
  meta: OrderMeta,
): Promise<Followed> {
  const events = order === null ? [] : await decide(heard(before, mode), heardBy(order, mode), meta);
  return {
    state: events.reduce(evolve, before),
    events,
    decisions: events.flatMap((event) => (event.type === 'DecisionMade' ? [event.data.decision] : [])),
    question: events.map(questionIn).find((question) => question !== null) ?? null,
  };
}

/** Who is heard at decision points: nobody, for what the rules say; an advisor, whose question has all the moves in it. */
const heard = (state: RunState, decisionMode: DecisionMode): RunState =>
  state.status === 'new' ? state : { ...state, decisionMode };

const heardBy = (order: RunOrder, decisionMode: DecisionMode): RunOrder =>
  order.type === 'ForkRun' ? { ...order, cut: { ...order.cut, state: { ...order.cut.state, decisionMode } } } : order;

function questionIn(event: RunEvent): Question | null {
  if (event.type === 'AdviceRequested') return event.data.question;
  return event.type === 'TaskScheduled' ? (event.data.question ?? null) : null;
}

/** One that the run waits at already. */
const openQuestion = ({ visits }: StartedRun): Question | null =>
  [...visits.values()].map(({ question }) => question).find((question) => question !== null) ?? null;

const shown = ({
  point,
  classification,
  reasons,
  phase,
  round,
  scores,
  rule,
  rationale,
  moves,
  blocked,
}: Question) => ({
  ...{ point, classification, reasons, phase, round, scores, rule, rationale, moves, blocked },
});

function awaitedOf({ commands, visits }: StartedRun, events: readonly RunEvent[]): readonly Awaited[] {
  const asked = new Map(
    events.flatMap((event) => (event.type === 'TaskScheduled' ? [[event.data.commandId, event.data]] : [])),
  );
  return [...commands.values()].map(({ commandId, visit, resource, attempt, deadline }) => ({
    state: visits.get(visit)?.state ?? '',
    resource,
    attempt,
    arguments: asked.get(commandId)?.arguments ?? null,
    deadline,
  }));
}
