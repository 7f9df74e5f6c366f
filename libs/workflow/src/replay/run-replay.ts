import { EVALUATE_HERE, type Evaluator } from '@baton/asl';
import { type RunId, toError } from '@baton/contracts';
import { decide } from '../decide.js';
import { ENGINE_VERSION } from '../engine.js';
import { type RunEvent, type RunEventOf, SNAPSHOT_EVENTS } from '../events/run-event.js';
import { evolve } from '../evolve.js';
import type { RunOrder } from '../orders.js';
import { isSnapshotOf, toSnapshot } from '../state/run-snapshot.js';
import { initialState, type RunState } from '../state/run-state.js';
import { emptySegment, grown, isLong, type Segment, segmentOf } from '../state/segment.js';
import { at, compare, nothingLeadsTo } from './compare.js';
import { cutsOfFork, cutsOfRetry, type ReadEvents } from './cuts-of-log.js';
import type { ReplayDifference } from './difference.js';
import { problemAround, problemOfTeller, tellerIn } from './envelope.js';
import { withStops } from './measured.js';
import { askedOf, type Opening, readOpening } from './opening.js';
import { ordersOf } from './order-of.js';
import { eventIn, isOfOneOrder, type RecordedFact } from './recorded-fact.js';
import { isRecorded, shown, shownFact } from './same-event.js';

/*
 * A run decided again from its log alone. The log is cut into what was written because of one order each; the order is read
 * from the fact that it begins with; `decide` is asked on the state that the log gives up to there; and what it says has to be
 * what is recorded, member by member, with nothing missing and nothing more.
 *
 *   facts ──group──▶ one order's ──order, engine, moment──▶ decide ──▶ events ══ the same? ══ facts
 *                                                              ▲                      │
 *                                                              └──────── state ◀──────┘
 *
 * What another version of the engine decided is decided by this one, too. Where that gives the same, it is as good as any;
 * where not, nothing is proven: it is counted, its events are folded as they stand, and the replay goes on behind them.
 */

export interface ReplayPorts {
  /** Where a retry or a fork goes on from. */
  readonly read: ReadEvents;
  /** See `OrderMeta`. */
  readonly evaluator?: Evaluator | undefined;
}

/** What was decided by one version of the engine. */
export interface EngineTally {
  /** Null where the log does not say. */
  readonly engine: number | null;
  orders: number;
  events: number;
  /** Orders of which this program decides something else. */
  otherwise: number;
  /** The first of them. */
  example: ReplayDifference | null;
  firstPosition: number;
  lastPosition: number;
}

/** The clock of the database may be set, or be another machine's after a failover. */
const CLOCK_MAY_GO_BACK_MS = 60_000;

const CARRIERS: ReadonlySet<string> = new Set(SNAPSHOT_EVENTS);

export class RunReplay {
  #state: RunState = initialState;
  #segment: Segment = emptySegment;
  #group: RecordedFact[] = [];
  #version = 0;
  #lastAt: string | null = null;
  readonly #tallies = new Map<number | null, EngineTally>();

  constructor(
    private readonly runId: RunId,
    private readonly ports: ReplayPorts,
  ) {}

  /** What was decided so far, by engine. */
  get tallies(): readonly EngineTally[] {
    return [...this.#tallies.values()];
  }

  /** Takes events of the run in their order, and decides what is complete. @returns the first difference, or null */
  async take(facts: readonly RecordedFact[]): Promise<ReplayDifference | null> {
    for (const fact of facts) {
      const [first] = this.#group;
      if (first !== undefined && !isOfOneOrder(first, fact)) {
        const found = await this.#decideGroup(fact);
        if (found !== null) return found;
      }
      this.#version += 1;
      if (fact.version !== this.#version) {
        return at(
          fact,
          `event ${this.#version} of the run is missing: behind the one before it stands event ${fact.version}`,
        );
      }
      this.#group.push(fact);
    }
    return null;
  }

  /** Decides what is left, at the end of the log. */
  finish(): Promise<ReplayDifference | null> {
    return this.#decideGroup(undefined);
  }

  async #decideGroup(next: RecordedFact | undefined): Promise<ReplayDifference | null> {
    const group = this.#group;
    this.#group = [];
    const backwards = group[0] === undefined ? null : this.#backwards(group[0]);
    if (backwards !== null) return at(group[0], backwards);
    for (let done = 0; done < group.length; ) {
      const rest = done === 0 ? group : group.slice(done);
      const [first] = rest;
      if (first === undefined) break;
      const outcome = await this.#decideOne(rest, next).catch((thrown: unknown) => this.#undecidable(rest, thrown));
      const { engine } = outcome;
      const tally = this.#tally(engine, first);
      if ('events' in outcome) {
        count(tally, rest.slice(0, outcome.events), false);
        done += outcome.events;
        continue;
      }
      if (engine === ENGINE_VERSION) return outcome.difference;
      tally.example ??= outcome.difference;
      count(tally, rest, true);
      this.#fold(rest);
      break;
    }
    return null;
  }

  /** @returns what is wrong with the moment of an order, in words */
  #backwards({ recordedAt }: RecordedFact): string | null {
    const before = this.#lastAt;
    this.#lastAt = recordedAt;
    const isBack = before !== null && Date.parse(recordedAt) < Date.parse(before) - CLOCK_MAY_GO_BACK_MS;
    return isBack ? `it is of ${recordedAt}, and stands behind what is of ${before}` : null;
  }

  async #decideOne(facts: readonly RecordedFact[], next: RecordedFact | undefined): Promise<Outcome> {
    const opening = readOpening(facts, this.#state);
    const { engine, first, firstFact } = opening;
    const differs = (difference: ReplayDifference): Outcome => ({ engine: engine?.version ?? null, difference });
    const before = this.#state;
    const orders = await ordersOf(before.status === 'new' ? null : before, askedOf(this.runId, first, facts), (event) =>
      this.#cutsOf(event, firstFact.version),
    );
    let found: ReplayDifference | null = null;
    for (const order of orders) {
      const decided = await this.#decide(order, opening, facts);
      const difference = compare(decided, facts, next);
      if (difference !== null) {
        found ??= difference;
        continue;
      }
      const taken = facts.slice(0, decided.length);
      const problem = engine === null ? null : this.#around(before, opening, taken, decided);
      if (problem !== null) return differs(problem);
      for (const event of decided) this.#state = evolve(this.#state, event);
      return this.#continued(opening, taken, facts.slice(decided.length));
    }
    return differs(found ?? nothingLeadsTo(firstFact, first));
  }

  /** What `decide` says to the order, at the moment it came, by what decided then. */
  async #decide(order: RunOrder, { engine, actor, firstFact }: Opening, facts: readonly RecordedFact[]) {
    const before = this.#state.status === 'new' ? 0 : this.#state.eventCount;
    const meta = {
      nowMs: Date.parse(firstFact.recordedAt),
      actor,
      engine,
      ...(engine === null ? {} : { limits: engine, maxPayloadBytes: engine.maxPayloadBytes ?? undefined }),
      evaluator: withStops(this.ports.evaluator ?? EVALUATE_HERE, facts, before),
    };
    const ends = facts.findIndex(({ type }) => type === 'TurnYielded');
    const once = await decide(this.#state, order, { ...meta, endsAt: ends < 0 ? null : before + ends });
    // A turn within one that is not at its end says nothing when it had done enough.
    const mayEndSilently =
      this.#state.status === 'running' && this.#state.unfinished !== null && once.length > facts.length;
    return mayEndSilently ? decide(this.#state, order, { ...meta, endsAt: before + facts.length }) : once;
  }

  #cutsOf(event: RunEventOf<'RunForked'> | RunEventOf<'RunRetried'>, version: number) {
    return event.type === 'RunForked'
      ? cutsOfFork(event, this.ports.read)
      : cutsOfRetry(this.runId, version, this.ports.read);
  }

  #around(
    before: RunState,
    { first, firstFact, actor }: Opening,
    facts: readonly RecordedFact[],
    decided: readonly RunEvent[],
  ): ReplayDifference | null {
    const wrong = problemOfTeller(before, first, actor, firstFact.causationId);
    if (wrong !== null) return { ...at(firstFact, wrong), recorded: shownFact(firstFact) };
    const after = before.status === 'new' ? evolve(before, decided[0] ?? first) : before;
    const requestId = after.status === 'new' ? '' : after.requestId;
    const teller = tellerIn(facts);
    for (const fact of facts) {
      const problem = problemAround(fact, teller, requestId);
      if (problem !== null) return { ...at(fact, problem), recorded: shownFact(fact) };
    }
    return null;
  }

  #grow(facts: readonly RecordedFact[]): void {
    const sizes = facts.map(({ dataText }) => dataText.length);
    const carrier = facts.findLastIndex(({ type }) => CARRIERS.has(type));
    this.#segment = carrier < 0 ? grown(this.#segment, sizes) : segmentOf(true, sizes.slice(carrier));
  }

  /** A long log holds a copy of the state, once it has become long, and nowhere else. */
  #continued({ engine }: Opening, taken: readonly RecordedFact[], rest: readonly RecordedFact[]): Outcome {
    this.#grow(taken);
    const by = { engine: engine?.version ?? null };
    const state = this.#state;
    const [copy] = rest;
    const isWanted = state.status === 'running' && isLong(this.#segment);
    const expected: RunEvent | null =
      isWanted || (engine === null && state.status === 'running')
        ? { type: 'RunContinued', data: { carry: toSnapshot(state) } }
        : null;
    if (copy?.type !== 'RunContinued') {
      if (!isWanted || engine === null) return { ...by, events: taken.length };
      const problem = 'the log is long by now, and the copy of the state that belongs behind this order is missing';
      return { ...by, difference: { ...at(taken.at(-1), problem), decided: expected && shown(expected, copy) } };
    }
    if (expected === null) {
      const problem = 'a copy of the state stands where none belongs';
      return { ...by, difference: { ...at(copy, problem), recorded: shownFact(copy) } };
    }
    const event = eventIn(copy);
    if (event.type !== 'RunContinued' || !this.#isCopied(event, copy, expected)) {
      const problem = 'the copy of the state is not what the events before it give';
      return { ...by, difference: { ...at(copy, problem), recorded: shownFact(copy), decided: shown(expected, copy) } };
    }
    this.#state = evolve(state, event);
    this.#segment = { events: 0, size: 0, snapshotSize: copy.dataText.length };
    return { ...by, events: taken.length + 1 };
  }

  #isCopied(event: RunEventOf<'RunContinued'>, fact: RecordedFact, expected: RunEvent): boolean {
    if (isRecorded(expected, fact)) return true;
    // Copies of before said less, and counted money in doubles.
    const state = this.#state;
    return state.status === 'running' && state.engine === undefined && isSnapshotOf(state, event.data.carry);
  }

  /** What another engine decided, as it stands. */
  #fold(facts: readonly RecordedFact[]): void {
    for (const fact of facts) this.#state = evolve(this.#state, eventIn(fact));
    this.#grow(facts);
  }

  #undecidable(facts: readonly RecordedFact[], thrown: unknown): Outcome {
    const [fact] = facts;
    const engine = this.#state.status === 'new' ? null : (this.#state.engine?.version ?? null);
    return {
      engine: isUnread(thrown) ? ENGINE_VERSION : engine,
      difference: at(fact, toError(thrown).message),
    };
  }

  #tally(engine: number | null, { position }: RecordedFact): EngineTally {
    const known = this.#tallies.get(engine);
    if (known !== undefined) return known;
    const first = {
      engine,
      orders: 0,
      events: 0,
      otherwise: 0,
      example: null,
      firstPosition: position,
      lastPosition: position,
    };
    this.#tallies.set(engine, first);
    return first;
  }
}

type Outcome =
  | { readonly engine: number | null; readonly events: number }
  | { readonly engine: number | null; readonly difference: ReplayDifference };

function count(tally: EngineTally, facts: readonly RecordedFact[], isOtherwise: boolean): void {
  tally.orders += 1;
  tally.events += facts.length;
  if (isOtherwise) tally.otherwise += 1;
  tally.lastPosition = facts.at(-1)?.position ?? tally.lastPosition;
}

/** What cannot be read at all is wrong whatever decided it. */
const isUnread = (thrown: unknown): boolean => thrown instanceof Error && 'code' in thrown;
