import type { Dimension, Issue, Review, Scores, Severity } from './outputs.js';

/** What a check of the reviewer found wrong, and which score it costs. */
export interface Finding {
  readonly dimension: Dimension;
  readonly severity: Severity;
  readonly place: string;
  readonly problem: string;
  readonly fix: string;
}

/** The fixed half of a finding; problem and fix are sentences of their own at each check. */
export const finding = (dimension: Dimension, severity: Severity, place: string) => ({ dimension, severity, place });

export const findingIf = (applies: boolean, found: Finding): readonly Finding[] => (applies ? [found] : []);

/** A check of form cannot vouch for more than this. */
const BEST_SCORE = 9.5;
const PRICE = { critical: 4, major: 2, minor: 0.25 } as const satisfies Record<Severity, number>;

/** Scores are what the findings leave, so that a score below a threshold always has issues that say why. */
export function reviewOf(input: {
  readonly findings: readonly Finding[];
  readonly thresholds: Scores;
  readonly issuePrefix: string;
  readonly checked: string;
}): Review {
  const { findings, thresholds } = input;
  const scores: Scores = {
    alignment: scoreOf(findings, 'alignment'),
    standardization: scoreOf(findings, 'standardization'),
    compatibility: scoreOf(findings, 'compatibility'),
  };
  const isGood =
    findings.every(({ severity }) => severity === 'minor') &&
    scores.alignment >= thresholds.alignment &&
    scores.standardization >= thresholds.standardization &&
    scores.compatibility >= thresholds.compatibility;
  const issues: Issue[] = findings.map(({ severity, place, problem, fix }, index) => ({
    id: `${input.issuePrefix}.${index + 1}`,
    severity,
    place,
    problem,
    fix,
  }));
  return {
    scores,
    issues,
    verdict: isGood ? 'pass' : 'revise',
    summary: `${issues.length === 0 ? 'No issue' : `${issues.length} issue${issues.length === 1 ? '' : 's'}`} found. The offline model checked by fixed rules ${input.checked}; it does not judge the substance.`,
  };
}

function scoreOf(findings: readonly Finding[], dimension: Dimension): number {
  const lost = findings
    .filter((finding) => finding.dimension === dimension)
    .reduce((sum, { severity }) => sum + PRICE[severity], 0);
  return Math.max(0, Math.round((BEST_SCORE - lost) * 100) / 100);
}
