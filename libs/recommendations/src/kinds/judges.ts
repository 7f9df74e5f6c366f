import type { Change, Example } from '@baton/contracts';
import type { RecordedDecision } from '@baton/read-model';
import type { WorkflowDocument } from '@baton/workflow';
import { shareOf, shareText } from '../statistics/share.js';
import { type Draft, type Found, keepExample, noEffect, rowOf } from './draft.js';
import { escaped, stateAt } from './state-at.js';

/** Verdicts on work that a tool failed. */
const LEAST_FAILURES = 10;
/** What a judge passes of that, at least, at 95 %. */
const TOO_MANY = 0.2;
const MOST_JUDGES = 500;

interface Row {
  readonly workflow: string;
  readonly judge: string;
  readonly template: string | null;
  readonly variant: string | null;
  readonly model: string | null;
  verdicts: number;
  /** Of work that a tool failed. */
  failures: number;
  passed: number;
  falseAlarms: number;
  readonly examples: Example[];
}

/** Judges, by template, variant and model, held to the tools that saw the same work. */
export class JudgeFailureTally {
  readonly #rows = new Map<string, Row>();

  add({ runId, workflow, version, record }: RecordedDecision): void {
    const { facts, decisionId } = record;
    if (facts === undefined || facts.failingTools === null) return;
    const isFailed = facts.failingTools.length > 0;
    for (const { judge, template, variant = null, model, passes } of facts.judges ?? []) {
      if (this.#rows.size >= MOST_JUDGES) return;
      const named = { workflow, judge, template, variant, model };
      const row = rowOf<Row>(this.#rows, Object.values(named), () => ({
        ...named,
        ...{ verdicts: 0, failures: 0, passed: 0, falseAlarms: 0, examples: [] },
      }));
      row.verdicts += 1;
      if (!isFailed && !passes) row.falseAlarms += 1;
      if (!isFailed) continue;
      row.failures += 1;
      if (!passes) continue;
      row.passed += 1;
      keepExample(row.examples, { runId, version, decisionId });
    }
  }

  found(): Found {
    const rows = [...this.#rows.values()];
    const enough = rows.filter(({ failures }) => failures >= LEAST_FAILURES);
    const bad = enough.filter(({ passed, failures }) => shareOf(passed, failures).interval.low >= TOO_MANY);
    return {
      drafts: bad.map((row) => draftOf(row, betterThan(row, enough))),
      looked: {
        ...{ kind: 'judge-passes-failures', what: 'judges', looked: rows.length, tooFew: rows.length - enough.length },
        ...{ least: LEAST_FAILURES, note: 'They are counted by the verdicts on work that a tool failed.' },
      },
    };
  }
}

/** A judge of the same workflow that surely passes less of what tools fail. */
function betterThan({ workflow, passed, failures }: Row, rows: readonly Row[]): Row | null {
  const { low } = shareOf(passed, failures).interval;
  const better = rows.filter(
    (each) => each.workflow === workflow && shareOf(each.passed, each.failures).interval.high < low,
  );
  return better.toSorted((one, other) => one.passed / one.failures - other.passed / other.failures)[0] ?? null;
}

function draftOf(row: Row, better: Row | null): Draft {
  const { workflow, judge, template, variant, model, verdicts, failures, passed, falseAlarms, examples } = row;
  const share = shareOf(passed, failures);
  const name = [template ?? judge, variant, model].filter((part) => part !== null).join(', ');
  const other =
    better === null
      ? ''
      : ` ${better.judge} (${[better.template, better.variant, better.model].filter((part) => part !== null).join(', ')}) passed ${shareText(shareOf(better.passed, better.failures))}.`;
  return {
    kind: 'judge-passes-failures',
    subject: {
      ...{ workflow, judge },
      ...(template === null ? {} : { template }),
      ...(variant === null ? {} : { variant }),
      ...(model === null ? {} : { model }),
    },
    // Where a judge passes what a tool fails, the point is complex: an advisor is heard there.
    policy: { mode: 'hybrid' },
    sparesRounds: false,
    say: () => ({
      title: `The judge ${name} passes what tools fail in ${workflow}.`,
      why: `It passed ${shareText(share)} of what a tool failed.${other}`,
      evidence: {
        n: failures,
        counts: { verdicts, failures, passed, falseAlarms },
        share,
        observational: null,
        examples,
      },
      effect: {
        per: 'decision',
        ...noEffect,
        text: 'A failing tool is never overruled by a judge, so it costs rounds and not quality, where there are tools; where there are none, nobody sees it.',
      },
      confidence: share.interval.low,
    }),
    changeOf: (document) => judgeChange(document, row, better),
  };
}

/**
 * A judge is often named after the state that asks it: then that state can ask with the template, or the model, with which it did
 * better. Those of another judge are not put in its place: a panel of two that ask the same is no panel.
 */
function judgeChange(document: WorkflowDocument, row: Row, better: Row | null): Change | null {
  const found = stateAt(document, row.judge);
  if (found === null || better === null || better.judge !== row.judge) return null;
  const at = { in: 'workflow', workflow: document.name, version: document.version } as const;
  const template = better.template?.split('@')[0];
  if (better.template !== row.template && template !== undefined) {
    const { steps } = document;
    const step = steps !== undefined && Object.hasOwn(steps, row.judge) ? steps[row.judge] : undefined;
    if (step?.template === undefined) return null;
    return { ...at, op: 'replace', path: `/steps/${escaped(row.judge)}/template`, value: template };
  }
  if (better.model === null || better.model === row.model) return null;
  return { in: 'setting', name: 'BATON_MODEL_VALIDATOR', value: better.model };
}
