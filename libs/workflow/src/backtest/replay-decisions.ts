import type { Actor, RunId } from '@baton/contracts';
import { canonicalJson } from '../canonical-json.js';
import type { DecisionRecord } from '../decision-points/decision-record.js';
import { humanMove } from '../decision-points/legal-moves.js';
import type { Question } from '../decision-points/question.js';
import { machineOfDocument } from '../document/machine-of-document.js';
import type { RunEvent, RunEventOf } from '../events/run-event.js';
import { evolve } from '../evolve.js';
import { advanceVisit } from '../interpreter/advance-visit.js';
import { recover } from '../interpreter/failure.js';
import { beginTurn } from '../interpreter/turn/turn.js';
import { initialState, type RunState, type StartedRun, type VisitState } from '../state/run-state.js';

/** An event of a run, and where it stands. */
export interface RecordedEvent {
  readonly event: RunEvent;
  readonly version: number;
  /** RFC 3339: the time of the command that it came from. */
  readonly recordedAt: string;
}

/** A place of the log at which a decision was made or asked about, with the run as it was just before. */
export interface DecisionPlace {
  readonly runId: RunId;
  readonly version: number;
  readonly nowMs: number;
  readonly event: RunEventOf<'DecisionMade'> | RunEventOf<'AdviceRequested'>;
  readonly run: StartedRun;
  /** The visit that the decision is about; null where it was left already. */
  readonly visit: VisitState | null;
}

/** Folds the events of a run, and stops at each decision. */
export class DecisionWalk {
  #state: RunState = initialState;
  #lastVisit = -1;

  constructor(private readonly runId: RunId) {}

  get state(): RunState {
    return this.#state;
  }

  /** The next event of the run; gives the place where it is one of a decision. */
  next({ event, version, recordedAt }: RecordedEvent): DecisionPlace | null {
    const run = this.#state;
    this.#state = evolve(run, event);
    const visit = this.#lastVisit;
    if ('visit' in event.data) this.#lastVisit = event.data.visit;
    if (run.status === 'new' || (event.type !== 'DecisionMade' && event.type !== 'AdviceRequested')) return null;
    const at = { runId: this.runId, version, nowMs: Date.parse(recordedAt), run };
    if (event.type === 'AdviceRequested') return { ...at, event, visit: run.visits.get(event.data.visit) ?? null };
    return { ...at, event, visit: visitOf(run, event.data.decision, visit) };
  }
}

/** A record names the state and not the visit; branches and items of a Map may be in the same state. */
function visitOf(run: StartedRun, { decisionId, point }: DecisionRecord, last: number): VisitState | null {
  const open = [...run.visits.values()].filter(({ state }) => state === point.state);
  const asked = open.find(({ question }) => question?.decisionId === decisionId);
  if (asked !== undefined) return asked;
  const free = open.filter(({ question, command }) => question === null && command === null);
  return free.find(({ visit }) => visit === last) ?? free.at(-1) ?? null;
}

const REPLAYER: Actor = { type: 'system', id: 'replay' };

/**
 * Decides again at a place, on the state before it, by the very code of the hub: what was asked, and what came back, is
 * in the state. The first event that has to do with a decision; null where the state leads to none.
 * @param run the state of the place, or a variant of it
 */
async function decideAgain(
  { runId, nowMs, visit }: Pick<DecisionPlace, 'runId' | 'nowMs' | 'visit'>,
  run: StartedRun,
): Promise<Again | null> {
  const machine = machineOfDocument(run.document);
  if (machine === null || visit === null) return null;
  const turn = beginTurn(run, machine, runId, { nowMs, actor: REPLAYER });
  await recover(turn, await advanceVisit(turn, visit.visit));
  for (const [index, event] of turn.events.entries()) {
    if (event.type !== 'DecisionMade' && event.type !== 'AdviceRequested') continue;
    return { event, next: turn.events[index + 1] ?? null };
  }
  return null;
}

interface Again {
  readonly event: RunEventOf<'DecisionMade'> | RunEventOf<'AdviceRequested'>;
  /** What follows from it. */
  readonly next: RunEvent | null;
}

/** What a question to anybody would hold at a place: the rule, the facts, what is legal. */
export async function questionAgain(place: DecisionPlace, run: StartedRun = place.run): Promise<Question | null> {
  const again = await decideAgain(place, { ...run, decisionMode: 'llm' });
  if (again?.event.type === 'AdviceRequested') return again.event.data.question;
  // Where the rule asks a person, no advice is asked for in any mode.
  const { event, next } = again ?? {};
  if (event?.type !== 'DecisionMade' || event.data.decision.actionType !== 'request_human') return null;
  const asked = next?.type === 'TaskScheduled' ? next.data.question : undefined;
  if (asked === undefined) return null;
  const { rationale } = event.data.decision;
  return { ...asked, rule: humanMove, rationale, moves: [humanMove] };
}

/** Kinds of points whose decision follows from the visit alone. The phase before a change of phase is not in the state. */
const isReplayable = (kind: DecisionRecord['point']['kind'], isAsked: boolean): boolean =>
  isAsked || kind === 'choice' || kind === 'task-failed';

/**
 * Holds a decision of the log to what its state gives: the same question, or the same record. Null where it is the same
 * or cannot be derived; else what differs, in words.
 */
async function differenceAt(place: DecisionPlace): Promise<string | null> {
  const { event, run, visit, version } = place;
  const isRecord = event.type === 'DecisionMade';
  const logged = isRecord ? event.data.decision : event.data.question;
  const where = `event ${version}, ${logged.point.kind} at ${logged.point.state}`;
  // In shadow the question follows the decision, which is held to its own state.
  if (!isRecord && event.data.isShadow === true) return null;
  if (!isReplayable(logged.point.kind, isRecord && visit?.question != null)) return null;
  if (visit === null) return `${where}: no open visit is in that state`;
  const again = (await decideAgain(place, run))?.event ?? null;
  if (again === null || again.type !== event.type) {
    return `${where}: the log has ${event.type}, the state gives ${again?.type ?? 'no decision'}`;
  }
  const replayed = again.type === 'DecisionMade' ? again.data.decision : again.data.question;
  const different = membersThatDiffer(logged, replayed);
  return different.length === 0 ? null : `${where}: ${different.join('; ')}`;
}

/** Whoever calls `decide` measures it: how long it took is the one member of a record that no log can give again. */
const MEASURED: ReadonlySet<string> = new Set(['latencyMs']);

function membersThatDiffer(logged: DecisionRecord | Question, replayed: DecisionRecord | Question): readonly string[] {
  const [before, after] = [new Map(textsOf(logged)), new Map(textsOf(replayed))];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => !MEASURED.has(name) && before.get(name) !== after.get(name))
    .map((name) => `the log has ${name} ${before.get(name)}, the state gives ${after.get(name)}`);
}

/** Each member as canonical JSON. What is undefined is not in a log either. */
const textsOf = (decided: DecisionRecord | Question): readonly (readonly [string, string])[] =>
  Object.entries(decided).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, canonicalJson(JSON.parse(JSON.stringify(value)))] as const],
  );

/** Every decision of a run, made again from its log alone; what differs, in words. */
export async function differencesOf(
  runId: RunId,
  events: Iterable<RecordedEvent>,
): Promise<{ readonly decisions: number; readonly differences: readonly string[] }> {
  const walk = new DecisionWalk(runId);
  const differences: string[] = [];
  let decisions = 0;
  for (const recorded of events) {
    const place = walk.next(recorded);
    if (place === null) continue;
    if (place.event.type === 'DecisionMade') decisions += 1;
    const difference = await differenceAt(place);
    if (difference !== null) differences.push(difference);
  }
  return { decisions, differences };
}
