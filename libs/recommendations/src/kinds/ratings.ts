import type { Example } from '@baton/contracts';
import type { RunFacts } from '../facts/run-facts.js';
import { rankCorrelation } from '../statistics/rank-correlation.js';
import { type Draft, type Found, keepExample, noEffect, rowOf } from './draft.js';

/** Runs or decisions that people rated, with a score. */
const LEAST_RATED = 12;
/** A correlation of at most this, at 95 %, is no agreement. */
const NO_AGREEMENT = 0.5;
const MOST_PAIRS = 5_000;
const MOST_DIMENSIONS = 200;

interface Row {
  readonly workflow: string;
  readonly dimension: string;
  readonly pairs: [number, number][];
  readonly examples: Example[];
}

/** Scores, held to what people think of the same work. */
export class RatingTally {
  readonly #rows = new Map<string, Row>();

  /** A run as a whole is held to the last scores it got; a decision to its own. Of several persons the mean counts. */
  add(workflow: string, { runId, ratings, scores }: RunFacts): void {
    const last = [...scores.keys()].at(-1);
    const byDecision = Map.groupBy(ratings, ({ decisionId }) => decisionId ?? last);
    for (const [decisionId, given] of byDecision) {
      const scored = decisionId === undefined ? undefined : scores.get(decisionId);
      const rating = given.reduce((sum, { score }) => sum + score, 0) / given.length;
      for (const [dimension, score] of Object.entries(scored ?? {})) {
        if (this.#rows.size >= MOST_DIMENSIONS) return;
        const row = rowOf<Row>(this.#rows, [workflow, dimension], () => ({
          ...{ workflow, dimension, pairs: [], examples: [] },
        }));
        if (row.pairs.length >= MOST_PAIRS) continue;
        row.pairs.push([score, rating]);
        // The clearest cases: a good score of what people think little of.
        if (score >= 8 && rating <= 2)
          keepExample(row.examples, { runId, version: null, decisionId: decisionId ?? null });
      }
    }
  }

  found(): Found {
    const rows = [...this.#rows.values()].toSorted((one, other) => other.pairs.length - one.pairs.length);
    const enough = rows.filter(({ pairs }) => pairs.length >= LEAST_RATED);
    const constant = enough.filter(({ pairs }) => rankCorrelation(pairs) === null).length;
    return {
      drafts: enough.flatMap(draftOf),
      looked: {
        ...{ kind: 'score-against-ratings', what: 'scores', looked: rows.length, tooFew: rows.length - enough.length },
        least: LEAST_RATED,
        note:
          constant === 0
            ? 'They are counted by what people rated and somebody scored.'
            : `Of ${constant}, scores or ratings never change, so nothing can be said of how they go together.`,
      },
    };
  }
}

function draftOf({ workflow, dimension, pairs, examples }: Row): readonly Draft[] {
  const found = rankCorrelation(pairs);
  if (found === null || found.high > NO_AGREEMENT) return [];
  const { rho, n, low, high } = found;
  const draft: Draft = {
    kind: 'score-against-ratings',
    subject: { workflow, dimension },
    // What would have been decided without the score.
    policy: { thresholds: { [dimension]: 0 } },
    sparesRounds: false,
    say: (tried) => ({
      title: `The score for ${dimension} does not go with what people think of ${workflow}.`,
      why:
        `Over ${n} ratings the correlation of ranks is ${rho.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}).` +
        (tried === null
          ? ''
          : ` Without its threshold, ${tried.differing} of ${tried.decisions} decisions would differ.`),
      evidence: { n, counts: { rho, low, high }, share: null, observational: null, examples },
      effect: {
        per: 'run',
        ...noEffect,
        text: 'Rounds are spent on a score that people do not share: the template of its judge, or the threshold, is worth a look.',
      },
      confidence: Math.max(0, Math.min(1, 1 - Math.max(0, high))),
    }),
    changeOf: () => null,
  };
  return [draft];
}
