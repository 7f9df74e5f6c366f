import { type Change, type Example, isJsonObject, type Json } from '@baton/contracts';
import type { RecordedDecision } from '@baton/read-model';
import type { WorkflowDocument } from '@baton/workflow';
import { heardAt, ruleAt } from '../facts/heard.js';
import { estimateOf, type Moments, noMoments, withValue } from '../statistics/moments.js';
import { shareOf, shareText } from '../statistics/share.js';
import { type Draft, type Found, keepExample, rowOf } from './draft.js';
import { stateAt } from './state-at.js';

/** Times that an advisor was heard about the rule. */
const LEAST_HEARD = 10;
/** It is overruled in at least this share, at 95 %. */
const MOSTLY = 0.7;
/** One move is what is advised in at least this share of what was heard. */
const ONE_MOVE = 0.8;
/** Where less was heard of what the rule said, as in the mode hybrid, that was the hard part, and says nothing of the rest. */
const NEARLY_ALL = 0.9;
const MOST_RULES = 1_000;
const MOST_SPOKEN = 10_000;

interface Row {
  readonly workflow: string;
  readonly kind: string;
  readonly state: string;
  readonly rule: string;
  heard: number;
  overruled: number;
  inShadow: number;
  cost: Moments;
  wait: Moments;
  hasUnknownPrice: boolean;
  readonly instead: Map<string, number>;
  readonly examples: Example[];
}

/** Rules, by decision point and the move that they make, held to what advisors said of them. */
export class OverruledTally {
  readonly #rows = new Map<string, Row>();
  /** Rule → how often it spoke at all. */
  readonly #spoken = new Map<string, number>();

  add(decision: RecordedDecision): void {
    this.#countSpoken(decision);
    const heard = heardAt(decision);
    if (heard === null || heard.by === 'person' || this.#rows.size >= MOST_RULES) return;
    const { runId, workflow, version, waitedMs, record } = decision;
    const { kind, state } = record.point;
    const row = rowOf<Row>(this.#rows, [workflow, kind, state, heard.rule], () => ({
      ...{ workflow, kind, state, rule: heard.rule, heard: 0, overruled: 0, inShadow: 0 },
      ...{ cost: noMoments, wait: noMoments, hasUnknownPrice: false, instead: new Map(), examples: [] },
    }));
    row.heard += 1;
    row.inShadow += heard.by === 'shadow' ? 1 : 0;
    if (waitedMs !== null) row.wait = withValue(row.wait, waitedMs);
    if (record.costUsd === null) row.hasUnknownPrice = true;
    else if (heard.by === 'advisor') row.cost = withValue(row.cost, record.costUsd);
    if (!heard.isOverruled) return;
    row.overruled += 1;
    if (row.instead.size < 100 || row.instead.has(heard.said)) {
      row.instead.set(heard.said, (row.instead.get(heard.said) ?? 0) + 1);
    }
    keepExample(row.examples, { runId, version, decisionId: record.decisionId });
  }

  #countSpoken(decision: RecordedDecision): void {
    const rule = ruleAt(decision);
    const { kind, state } = decision.record.point;
    const key = keyOf({ workflow: decision.workflow, kind, state, rule: rule ?? '' });
    if (rule === null || (this.#spoken.size >= MOST_SPOKEN && !this.#spoken.has(key))) return;
    this.#spoken.set(key, (this.#spoken.get(key) ?? 0) + 1);
  }

  found(): Found {
    const rows = [...this.#rows.values()].toSorted((one, other) => other.heard - one.heard);
    const enough = rows.filter(({ heard }) => heard >= LEAST_HEARD);
    const points = new Set(rows.map(({ workflow, kind, state }) => JSON.stringify([workflow, kind, state])));
    const mostly = enough.filter(({ overruled, heard }) => shareOf(overruled, heard).interval.low >= MOSTLY);
    return {
      drafts: mostly.map((row) => draftOf(row, Math.max(row.heard, this.#spoken.get(keyOf(row)) ?? 0))),
      looked: {
        ...{ kind: 'rule-overruled', what: 'rules', looked: rows.length, tooFew: rows.length - enough.length },
        ...{ least: LEAST_HEARD, note: `They are of ${points.size} decision points at which an advisor was heard.` },
      },
    };
  }
}

const keyOf = ({ workflow, kind, state, rule }: Pick<Row, 'workflow' | 'kind' | 'state' | 'rule'>): string =>
  JSON.stringify([workflow, kind, state, rule]);

/** The move that is most of what is advised; null where there is no such one. */
function usualMove({ instead, heard }: Row): string | null {
  const [most] = [...instead].toSorted(([, one], [, other]) => other - one);
  return most !== undefined && most[1] / heard >= ONE_MOVE ? most[0] : null;
}

function draftOf(row: Row, spoken: number): Draft {
  const { workflow, kind, state, rule, heard, overruled, inShadow, instead, examples } = row;
  const share = shareOf(overruled, heard);
  const usual = heard >= NEARLY_ALL * spoken ? usualMove(row) : null;
  const moves = [...instead].toSorted(([, one], [, other]) => other - one).slice(0, 5);
  // What hangs on advice: without it where it was followed, and with it where it was said in shadow.
  const policy = { mode: inShadow * 2 > heard ? ('llm' as const) : ('programmatic' as const) };
  return {
    kind: 'rule-overruled',
    subject: { workflow, kind, state, rule },
    policy,
    sparesRounds: false,
    say: (tried) => ({
      title: `The rule ${rule} at ${state} of ${workflow} is overruled by the advisor.`,
      why:
        `${shareText(share)} times it was asked${inShadow === 0 ? '' : `, ${inShadow} of them in shadow`}. Instead: ` +
        `${moves.map(([move, count]) => `${move} ${count}`).join(', ')}.` +
        (spoken === heard ? '' : ` The rule spoke ${spoken} times; of the others nobody was asked.`) +
        (tried === null
          ? ''
          : ` With the mode ${policy.mode}, ${tried.differing} of ${tried.decisions} decisions would differ.`),
      evidence: {
        ...{ n: heard, counts: { spoken, heard, overruled, inShadow, ...Object.fromEntries(moves) }, share },
        ...{ observational: null, examples },
      },
      effect: {
        per: 'decision',
        costUsd: row.hasUnknownPrice ? null : estimateOf(row.cost),
        ms: estimateOf(row.wait),
        text: 'What the advice costs and takes: a rule that says the same needs none.',
      },
      confidence: share.interval.low,
    }),
    changeOf: (document) => (usual === null ? null : ruleChange(document, row, usual)),
  };
}

const targetOf = (move: string): string | null => (move.startsWith('go:') ? move.slice('go:'.length) : null);

/** The one way out of the Choice that leads where the rule goes leads to where the advisor goes instead. */
function ruleChange(document: WorkflowDocument, { state, rule }: Row, instead: string): Change | null {
  const [from, to] = [targetOf(rule), targetOf(instead)];
  const placed = stateAt(document, state);
  if (placed === null || from === null || to === null || placed.state.Type !== 'Choice') return null;
  const { Choices, Default } = placed.state;
  const rules: readonly Json[] = Array.isArray(Choices) ? Choices : [];
  const ways = [
    ...rules.flatMap((each, index) => (isJsonObject(each) && each.Next === from ? [`/Choices/${index}/Next`] : [])),
    ...(Default === from ? ['/Default'] : []),
  ];
  const [way, ...others] = ways;
  if (way === undefined || others.length > 0) return null;
  const { name: workflow, version } = document;
  return { in: 'workflow', workflow, version, op: 'replace', path: `${placed.pointer}${way}`, value: to };
}
