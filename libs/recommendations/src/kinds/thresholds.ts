import type { Example } from '@baton/contracts';
import type { RecordedDecision } from '@baton/read-model';
import { lowDimensions } from '../facts/facts-of.js';
import { shareOf, shareText } from '../statistics/share.js';
import { type Draft, type Found, keepExample, noEffect, rowOf } from './draft.js';

/** Decisions with a score in the dimension. */
const LEAST_DECISIONS = 20;
/** Of all decisions at least this share, at 95 %, goes by one threshold alone: then it decides everything. */
const DECIDES_ALL = 0.75;
const MOST_DIMENSIONS = 200;

interface Row {
  readonly workflow: string;
  readonly dimension: string;
  n: number;
  below: number;
  /** It alone was below its threshold: the scores, in tenths. */
  alone: number;
  readonly aloneScores: Map<number, number>;
  readonly thresholds: Set<number>;
  /** State → its newest threshold. */
  readonly states: Map<string, number>;
  readonly examples: Example[];
  readonly aloneExamples: Example[];
}

/** Thresholds by workflow and dimension: a policy names a dimension for all points of a workflow, and so is it looked at. */
export class ThresholdTally {
  readonly #rows = new Map<string, Row>();

  add({ runId, workflow, version, record }: RecordedDecision): void {
    const { scores, decisionId } = record;
    const thresholds = record.facts?.thresholds ?? null;
    if (scores === null || thresholds === null) return;
    const low = lowDimensions({ scores, thresholds });
    const example = { runId, version, decisionId };
    for (const [dimension, threshold] of Object.entries(thresholds)) {
      const score = Object.hasOwn(scores, dimension) ? scores[dimension] : undefined;
      if (score === undefined || this.#rows.size >= MOST_DIMENSIONS) continue;
      const row = rowOf(this.#rows, [workflow, dimension], () => newRow(workflow, dimension));
      row.n += 1;
      row.thresholds.add(threshold);
      const { state } = record.point;
      if (row.states.size < 50 || row.states.has(state)) row.states.set(state, threshold);
      keepExample(row.examples, example);
      if (!low.includes(dimension)) continue;
      row.below += 1;
      if (low.length > 1) continue;
      row.alone += 1;
      const tenths = Math.floor(score * 10);
      row.aloneScores.set(tenths, (row.aloneScores.get(tenths) ?? 0) + 1);
      keepExample(row.aloneExamples, example);
    }
  }

  found(): Found {
    const rows = [...this.#rows.values()].toSorted((one, other) => other.n - one.n);
    const enough = rows.filter(({ n }) => n >= LEAST_DECISIONS);
    return {
      // One that is 0 everywhere by now is taken away already.
      drafts: enough.filter(({ states }) => [...states.values()].some((threshold) => threshold > 0)).map(idle),
      looked: {
        ...{ kind: 'threshold-idle', what: 'thresholds', looked: rows.length, tooFew: rows.length - enough.length },
        least: LEAST_DECISIONS,
        note: 'Each is taken away in a back-test; one by which nearly all decisions go is moved in another.',
      },
    };
  }
}

const newRow = (workflow: string, dimension: string): Row => ({
  ...{ workflow, dimension, n: 0, below: 0, alone: 0, aloneScores: new Map(), thresholds: new Set() },
  ...{ states: new Map(), examples: [], aloneExamples: [] },
});

const valuesOf = ({ thresholds }: Row): string => [...thresholds].toSorted((one, other) => one - other).join(' or ');

/** A policy without the threshold: every score reaches 0. */
function idle(row: Row): Draft {
  const { workflow, dimension, n, below, alone, states, examples } = row;
  return {
    kind: 'threshold-idle',
    subject: { workflow, dimension },
    policy: { thresholds: { [dimension]: 0 } },
    sparesRounds: false,
    say: (tried) => {
      if (tried === null || !isWhole(tried.counts) || tried.differing > 0) return null;
      const share = shareOf(n, n);
      return {
        title: `The threshold of ${valuesOf(row)} for ${dimension} decides nothing in ${workflow}.`,
        why:
          `Without it, none of ${tried.decisions} decisions in ${tried.runs} runs would have led elsewhere; ${dimension} was below it ` +
          `in ${below} of ${n}, and it alone in ${alone}. At: ${[...states.keys()].toSorted().join(', ')}.`,
        evidence: { n, counts: { below, alone, changed: 0 }, share, observational: null, examples },
        effect: {
          per: 'decision',
          ...noEffect,
          text: 'Nothing that runs do: it is one bound less to keep and to explain. Or it is meant to decide, and is too low. Each is taken away by itself: where several go, try that policy, too.',
        },
        confidence: share.interval.low,
      };
    },
    otherwise: shareOf(alone, n).interval.low >= DECIDES_ALL ? decidesAll(row) : undefined,
    changeOf: () => null,
  };
}

/** What is not replayed, or asks somebody who has not spoken, might be what the threshold decides. */
const isWhole = (counts: Readonly<Record<string, number>>): boolean =>
  (counts['not-replayed'] ?? 0) === 0 && (counts['would-ask'] ?? 0) === 0;

/** A policy with the threshold at the median of the scores that it alone sent back. */
function decidesAll(row: Row): Draft {
  const { workflow, dimension, n, below, alone, aloneExamples } = row;
  const median = medianOf(row.aloneScores, alone);
  const share = shareOf(alone, n);
  return {
    kind: 'threshold-decides-all',
    subject: { workflow, dimension },
    policy: { thresholds: { [dimension]: median } },
    sparesRounds: true,
    say: (tried, saved) => {
      if (tried === null || tried.differing === 0) return null;
      return {
        title: `The threshold of ${valuesOf(row)} for ${dimension} decides everything in ${workflow}.`,
        why:
          `${dimension} alone was below its threshold in ${shareText(share)} decisions. With ${median}, the median of those scores, ` +
          `${tried.differing} of ${tried.decisions} decisions in ${tried.runs} runs would have led elsewhere.`,
        evidence: {
          ...{ n, counts: { below, alone, differing: tried.differing }, share, observational: null },
          examples: aloneExamples,
        },
        effect: {
          per: 'decision',
          ...saved,
          text: 'What came between such a decision and the next one at its place would have been spared, as far as what is let through then is good enough.',
        },
        confidence: share.interval.low,
      };
    },
    changeOf: () => null,
  };
}

/** The lower median, in tenths. */
export function medianOf(tenths: ReadonlyMap<number, number>, n: number): number {
  let seen = 0;
  for (const [value, count] of [...tenths].toSorted(([one], [other]) => one - other)) {
    seen += count;
    if (seen * 2 >= n) return value / 10;
  }
  return 0;
}
