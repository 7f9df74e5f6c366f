import type { RunId } from '@baton/contracts';
import type { Classification, DecisionRecord } from '../decision-points/decision-record.js';
import { humanMove } from '../decision-points/legal-moves.js';
import { modeOfRun } from '../decision-points/mode-of-run.js';
import type { Move } from '../decision-points/move.js';
import type { Question } from '../decision-points/question.js';
import { type Counsel, isAdviceWanted, reconcile } from '../decision-points/reconcile.js';
import type { RunEventOf } from '../events/run-event.js';
import { applyPolicy, type DecisionPolicy, type DocumentsOf, documentsUnder } from './policy.js';
import { type DecisionPlace, DecisionWalk, questionAgain, type RecordedEvent } from './replay-decisions.js';

/** How a decision came out, as far as two of them can be compared. */
export interface ComparableDecision {
  readonly actionType: DecisionRecord['actionType'];
  readonly target: string | null;
  readonly recoveryStrategy: DecisionRecord['recoveryStrategy'];
  readonly classification: Classification;
  readonly source: DecisionRecord['source'];
  readonly rationale: string;
}

/**
 * A recorded decision under a policy.
 * `other-move`: something else would have been done. `same-move`: the same, but for another reason or by another word.
 * `would-ask`: an advisor would have been asked, and no advice is on record. `not-replayed`: the log does not tell.
 */
export interface Comparison {
  readonly version: number;
  readonly decisionId: string;
  readonly point: DecisionRecord['point'];
  readonly result: 'same' | 'same-move' | 'other-move' | 'would-ask' | 'not-replayed' | 'by-person';
  readonly before: ComparableDecision;
  /** Null where it is not known. */
  readonly after: ComparableDecision | null;
  /** What there is to say beside the two outcomes; empty where that is nothing. */
  readonly note: string;
  /** An earlier decision of the run would have led elsewhere: under the policy, this one may never have been reached. */
  readonly isBeyondDifference: boolean;
}

type Made = Pick<DecisionPlace, 'version'> & {
  readonly decision: DecisionRecord;
  readonly mode: ReturnType<typeof modeOfRun>;
};
type Asked = { readonly question: Question | null; readonly problem: string };

/**
 * Decides the decisions of one run again, under a policy, with no model: each on the state that the log gives for it.
 * Advice on record is used where the policy asks for advice. What would have followed from another decision is not
 * invented: later ones are compared on their recorded state, and marked.
 *
 * Takes events in order; `finish` gives what waited for advice in shadow that never came.
 */
export class Backtest {
  readonly #walk: DecisionWalk;
  readonly #documents: DocumentsOf;
  /** Questions that wait for their advice, by decision. */
  readonly #asked = new Map<string, Asked>();
  /** Decisions that were made and whose advice, in shadow, is still to come. */
  readonly #shadowed = new Map<string, Made & Asked>();
  #differs = false;

  constructor(
    runId: RunId,
    private readonly policy: DecisionPolicy,
  ) {
    this.#walk = new DecisionWalk(runId);
    this.#documents = documentsUnder(policy);
  }

  async next(recorded: RecordedEvent): Promise<readonly Comparison[]> {
    const place = this.#walk.next(recorded);
    const { event } = recorded;
    if (place !== null) {
      return place.event.type === 'DecisionMade' ? this.#made(place, place.event) : this.#ask(place, place.event);
    }
    if (event.type !== 'AdviceGiven' && event.type !== 'AdviceFailed') return [];
    const made = this.#shadowed.get(event.data.decisionId);
    if (made === undefined) return [];
    this.#shadowed.delete(event.data.decisionId);
    return [this.#compare(made, made, counselIn(event))];
  }

  finish(): readonly Comparison[] {
    const left = [...this.#shadowed.values()].map((made) => this.#compare(made, made, null));
    this.#shadowed.clear();
    return left;
  }

  async #ask(place: DecisionPlace, event: RunEventOf<'AdviceRequested'>): Promise<readonly Comparison[]> {
    const { question } = event.data;
    // In shadow the decision is made already, and its question was asked then; but for points that only the log knows.
    const made = event.data.isShadow === true ? this.#shadowed.get(question.decisionId) : undefined;
    if (made !== undefined) {
      if (made.problem === ONLY_ITS_MODE) this.#shadowed.set(question.decisionId, { ...made, question, problem: '' });
      return [];
    }
    if (event.data.isShadow !== true) this.#asked.set(question.decisionId, await this.#questionAt(place, question));
    return [];
  }

  async #made(place: DecisionPlace, { data }: RunEventOf<'DecisionMade'>): Promise<readonly Comparison[]> {
    const { decision } = data;
    const { run, visit, version } = place;
    const made: Made = {
      version,
      decision,
      mode: modeOfRun({ ...run, decisionMode: this.policy.mode ?? run.decisionMode }),
    };
    if (decision.source === 'human') return [this.#person(made)];
    const asked = this.#asked.get(decision.decisionId);
    this.#asked.delete(decision.decisionId);
    if (asked !== undefined) return [this.#compare(made, asked, counselOf(visit?.pending ?? null))];
    const question = await this.#questionAt(place, null);
    if (run.decisionMode !== 'shadow') return [this.#compare(made, question, null)];
    this.#shadowed.set(decision.decisionId, { ...made, ...question });
    return [];
  }

  /** @param logged the question of the log, for points that are not asked again */
  async #questionAt(place: DecisionPlace, logged: Question | null): Promise<Asked> {
    const { run, visit, event } = place;
    const { kind, state } = event.type === 'DecisionMade' ? event.data.decision.point : event.data.question.point;
    if (kind === 'phase-change' || kind === 'budget') {
      return { question: logged, problem: logged === null ? ONLY_ITS_MODE : '' };
    }
    if (visit === null) return { question: null, problem: 'the log does not tell which visit it was about' };
    const point = run.document.decisions?.at.find((each) => each.state === state);
    const applied = applyPolicy(run, visit, kind === 'choice' ? point : undefined, this.policy, this.#documents);
    if ('problem' in applied) return { question: null, problem: applied.problem };
    const changed = applied.run.visits.get(visit.visit) ?? visit;
    const question = await questionAgain({ ...place, visit: changed }, applied.run);
    return { question, problem: question === null ? 'under the policy the state leads to no decision' : '' };
  }

  #person(made: Made): Comparison {
    return this.#result(made, 'by-person', null, 'a person decided');
  }

  #compare(made: Made, { question, problem }: Asked, counsel: Counsel | null): Comparison {
    const { decision, mode } = made;
    const classification = question?.classification ?? decision.classification;
    const isAsked = isAdviceWanted(mode, classification) && mode !== 'shadow';
    if (question === null) {
      if (problem !== ONLY_ITS_MODE) return this.#result(made, 'not-replayed', null, problem);
      if (isAsked) return this.#result(made, 'would-ask', null, WOULD_ASK);
      return this.#result(made, 'same', before(decision), '');
    }
    // Where the rule asks a person, it does so in every mode.
    if (!isAsked || question.rule.id === humanMove.id)
      return this.#settle(made, question, { move: question.rule, source: 'programmatic', ...question });
    if (counsel === null) return this.#result(made, 'would-ask', null, WOULD_ASK);
    return this.#settle(made, question, reconcile(question, counsel));
  }

  #settle(
    made: Made,
    { classification }: Question,
    {
      move,
      source,
      rationale,
    }: { readonly move: Move; readonly source: ComparableDecision['source']; readonly rationale: string },
  ): Comparison {
    const { actionType, target, recoveryStrategy } = move;
    const after: ComparableDecision = { actionType, target, recoveryStrategy, classification, source, rationale };
    const old = made.decision;
    const isSameMove =
      actionType === old.actionType && target === old.target && recoveryStrategy === old.recoveryStrategy;
    const isSame = isSameMove && classification === old.classification && source === old.source;
    return this.#result(made, isSame ? 'same' : isSameMove ? 'same-move' : 'other-move', after, '');
  }

  #result(
    { version, decision }: Made,
    result: Comparison['result'],
    after: ComparableDecision | null,
    note: string,
  ): Comparison {
    const { decisionId, point } = decision;
    const isBeyondDifference = this.#differs;
    if (result === 'other-move') this.#differs = true;
    return { version, decisionId, point, result, before: before(decision), after, note, isBeyondDifference };
  }
}

const WOULD_ASK = 'an advisor would be asked, and no advice is on record';
const ONLY_ITS_MODE = 'only its mode is replayed';

const before = (decision: DecisionRecord): ComparableDecision => {
  const { actionType, target, recoveryStrategy, classification, source, rationale } = decision;
  return { actionType, target, recoveryStrategy, classification, source, rationale };
};

function counselIn(event: RunEventOf<'AdviceGiven'> | RunEventOf<'AdviceFailed'>): Counsel {
  if (event.type === 'AdviceGiven') return { output: event.data.output };
  return { problem: `no advice: ${event.data.error}: ${event.data.cause}` };
}

type Told = NonNullable<NonNullable<DecisionPlace['visit']>['pending']>;

function counselOf(pending: Told | null): Counsel | null {
  if (pending?.type === 'advice') return { output: pending.output };
  return pending?.type === 'no-advice' ? { problem: pending.problem } : null;
}
