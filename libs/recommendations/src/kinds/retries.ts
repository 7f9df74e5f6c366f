import { type Change, type Example, isJsonObject, type Json, usdOf } from '@baton/contracts';
import type { WorkflowDocument } from '@baton/workflow';
import type { RunFacts } from '../facts/run-facts.js';
import { estimateOf, type Moments, noMoments, withValue } from '../statistics/moments.js';
import { shareOf, shareText } from '../statistics/share.js';
import { type Draft, type Found, keepExample, rowOf } from './draft.js';
import { stateAt } from './state-at.js';

const LEAST_RETRIES = 10;
/** At most this share of retries helps, at 95 %: then they do not. */
const HARDLY_EVER = 0.3;
const MOST_ROWS = 2_000;

interface Row {
  readonly workflow: string;
  readonly state: string;
  readonly error: string;
  retries: number;
  helped: number;
  cost: Moments;
  time: Moments;
  hasUnknownPrice: boolean;
  readonly examples: Example[];
}

/** What became of attempts that a retrier gave, by the state and what it failed with before. */
export class RetryTally {
  readonly #rows = new Map<string, Row>();

  add(workflow: string, { runId, retries }: RunFacts): void {
    for (const { state, error, hasHelped, microUsd, ms, version } of retries) {
      if (this.#rows.size >= MOST_ROWS) return;
      const row = rowOf<Row>(this.#rows, [workflow, state, error], () => ({
        ...{ workflow, state, error, retries: 0, helped: 0, cost: noMoments, time: noMoments },
        ...{ hasUnknownPrice: false, examples: [] },
      }));
      row.retries += 1;
      row.helped += hasHelped ? 1 : 0;
      row.time = withValue(row.time, ms);
      if (microUsd === null) row.hasUnknownPrice = true;
      else row.cost = withValue(row.cost, usdOf(microUsd));
      if (!hasHelped) keepExample(row.examples, { runId, version, decisionId: null });
    }
  }

  found(): Found {
    const rows = [...this.#rows.values()].toSorted((one, other) => other.retries - one.retries);
    const enough = rows.filter(({ retries }) => retries >= LEAST_RETRIES);
    const useless = enough.filter(({ helped, retries }) => shareOf(helped, retries).interval.high <= HARDLY_EVER);
    return {
      drafts: useless.map(draftOf),
      looked: {
        ...{ kind: 'retries-never-help', what: 'errors of steps', looked: rows.length },
        ...{ tooFew: rows.length - enough.length, least: LEAST_RETRIES },
        note: 'They are counted by the attempts that a retrier gave.',
      },
    };
  }
}

function draftOf(row: Row): Draft {
  const { workflow, state, error, retries, helped, examples } = row;
  const share = shareOf(helped, retries);
  return {
    kind: 'retries-never-help',
    subject: { workflow, state, error },
    policy: null,
    sparesRounds: false,
    say: () => ({
      title: `To try ${state} of ${workflow} again after ${error} does not help.`,
      why: `${shareText(share)} retries succeeded.`,
      evidence: { n: retries, counts: { retries, helped }, share, observational: null, examples },
      effect: {
        per: 'retry',
        costUsd: row.hasUnknownPrice ? null : estimateOf(row.cost),
        ms: estimateOf(row.time),
        text: 'What a retry costs and takes, before the failure is dealt with otherwise.',
      },
      confidence: 1 - share.interval.high,
    }),
    isDone: (document) => givesNone(stateAt(document, state)?.state.Retry, error),
    changeOf: (document) => retrierChange(document, row),
  };
}

/** Whether the first retrier is for this error, and gives no attempt: the one that is recommended. */
function givesNone(retriers: Json | undefined, error: string): boolean {
  const [first] = (Array.isArray(retriers) ? retriers : []).filter(isJsonObject);
  return Array.isArray(first?.ErrorEquals) && first.ErrorEquals.includes(error) && first.MaxAttempts === 0;
}

/** Of the retriers of a state the first that matches counts: one in front of them that gives no attempt is all it takes. */
function retrierChange(document: WorkflowDocument, { state, error }: Row): Change | null {
  const placed = stateAt(document, state);
  if (placed === null || !Array.isArray(placed.state.Retry)) return null;
  const value: Json = { ErrorEquals: [error], MaxAttempts: 0 };
  const { name: workflow, version } = document;
  return { in: 'workflow', workflow, version, op: 'add', path: `${placed.pointer}/Retry/0`, value };
}
