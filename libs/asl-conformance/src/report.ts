import type { Json } from '@baton/asl';
import type { Case, KnownFailures } from './case-file.js';
import { differencesOf } from './compare.js';
import { execute } from './execute.js';

interface Tally {
  readonly passed: number;
  readonly failed: number;
}

interface Failure {
  readonly id: string;
  readonly expected: Json;
  readonly actual: Json;
  readonly differences: readonly string[];
  /** Why it is expected to fail; null where it is not. */
  readonly known: string | null;
}

export interface Report extends Tally {
  readonly byLanguage: Readonly<Record<string, Tally>>;
  readonly byFeature: Readonly<Record<string, Tally>>;
  readonly failures: readonly Failure[];
  /** Cases that are listed as known failures but pass. */
  readonly mended: readonly string[];
}

/** Half of the recorded cases are about comparisons of Choice: they are one row, so that they do not drown the rest. */
const groupOf = (feature: string): string => (feature.startsWith('choice ') ? 'Choice comparison operators' : feature);

export async function runCases(cases: readonly Case[], known: KnownFailures): Promise<Report> {
  const failures: Failure[] = [];
  const byFeature: Record<string, Tally> = {};
  const byLanguage: Record<string, Tally> = {};
  const mended: string[] = [];
  for (const each of cases) {
    const { visited, ...actual } = await execute(each.definition, each.input);
    const differences = differencesOf(each, { ...actual, visited });
    const passed = differences.length === 0;
    const reason = known[each.id] ?? null;
    count(byLanguage, each.queryLanguage, passed);
    for (const feature of new Set(each.features.map(groupOf))) count(byFeature, feature, passed);
    if (!passed) failures.push({ id: each.id, expected: each.expect, actual, differences, known: reason });
    else if (reason !== null) mended.push(each.id);
  }
  return { passed: cases.length - failures.length, failed: failures.length, byLanguage, byFeature, failures, mended };
}

function count(tallies: Record<string, Tally>, name: string, passed: boolean): void {
  const before = tallies[name] ?? { passed: 0, failed: 0 };
  tallies[name] = { passed: before.passed + (passed ? 1 : 0), failed: before.failed + (passed ? 0 : 1) };
}

/** Whether nothing failed that is not known, and nothing is listed that passes. */
export const isAsExpected = ({ failures, mended }: Report): boolean =>
  mended.length === 0 && failures.every(({ known }) => known !== null);

export function tableOf(report: Report): string {
  const rows = [
    ...Object.entries(report.byLanguage).sort(),
    ...Object.entries(report.byFeature).sort(([a], [b]) => (a < b ? -1 : 1)),
    ['all cases', report] as const,
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, { passed, failed }]) => {
    const share = ((100 * passed) / (passed + failed)).toFixed(1);
    return `${name.padEnd(width)}  ${String(passed).padStart(4)} of ${String(passed + failed).padStart(4)}  ${share.padStart(5)} %`;
  });
  const failed = report.failures.map(
    ({ id, differences, known }) =>
      `${known === null ? 'FAILED' : 'known '}  ${id}\n        ${known ?? differences.join('\n        ')}`,
  );
  const mended = report.mended.map(
    (id) => `PASSES  ${id}\n        but is listed as a known failure: take it off the list`,
  );
  return [...lines, '', ...failed, ...mended].join('\n');
}
