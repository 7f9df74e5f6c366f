import type { Schemas } from '../../api/api.js';
import { countOf, durationOf, moneyOf } from '../../parts/spans.js';

export type Recommendation = Schemas['RecommendationReport']['recommendations'][number];
type Window = Schemas['RecommendationReport']['window'];

const KINDS: Readonly<Record<Recommendation['kind'], string>> = {
  'threshold-idle': 'A threshold that decides nothing',
  'threshold-decides-all': 'A threshold that decides everything',
  'judge-passes-failures': 'A judge that passes what tools fail',
  'score-against-ratings': 'A score that people do not share',
  'cheaper-model': 'A cheaper model',
  'retries-never-help': 'Retries that do not help',
  'rule-overruled': 'A rule that is overruled',
};

export const kindInWords = (kind: Recommendation['kind']): string => KINDS[kind];

/** Over what it all is: without it nobody knows what "nothing" means. */
export const windowInWords = ({ decisions, runs, runsRead, isCut }: Window): string =>
  [
    `Over ${countOf(decisions)} decisions of ${countOf(runs)} runs`,
    runsRead === 0 ? '' : ` and ${countOf(runsRead)} runs as a whole`,
    isCut ? '. Older ones were left out.' : '.',
  ].join('');

type Estimate = NonNullable<Recommendation['effect']['costUsd']>;

/** A mean of what cannot be negative may have an interval that goes below nothing. */
function estimateInWords({ mean, interval, n }: Estimate, show: (value: number) => string): string {
  if (interval === null) return `${show(mean)} (of one)`;
  return `${show(mean)} (${show(Math.max(0, interval.low))} to ${show(interval.high)}, n ${countOf(n)})`;
}

export function effectInWords({ costUsd, ms, per, text }: Recommendation['effect']): string {
  const parts = [
    ...(costUsd === null ? [] : [estimateInWords(costUsd, moneyOf)]),
    ...(ms === null ? [] : [estimateInWords(ms, durationOf)]),
  ];
  return parts.length === 0 ? text : `${parts.join(' and ')} a ${per}. ${text}`;
}

/** As somebody types it who changes it. */
export function changeInWords(change: NonNullable<Recommendation['change']>): string {
  if (change.in === 'setting') return `${change.name}=${change.value}`;
  const { op, path, value } = change;
  return JSON.stringify(value === undefined ? { op, path } : { op, path, value });
}

export function backtestInWords({
  runs,
  decisions,
  differing,
  first,
}: NonNullable<Recommendation['backtest']>): string {
  const all = `${countOf(differing)} of ${countOf(decisions)} decisions in ${countOf(runs)} runs would differ`;
  return differing === 0 ? `${all}.` : `${all}, ${countOf(first)} of them as the first of their run.`;
}

/** As `baton decisions backtest --policy` takes it. YAML reads JSON, and lines of comment before it. */
export const policyFile = ({ id, title, policy }: Pick<Recommendation, 'id' | 'title' | 'policy'>): string =>
  `# ${id}: ${title.replaceAll(/\s+/g, ' ')}\n${JSON.stringify(policy, null, 2)}\n`;
