import { stripVTControlCharacters } from 'node:util';
import type { FindingsFormat } from '../check.js';
import { junitCases } from './junit.js';
import { tapTests } from './tap.js';

/*
 * A runner that finds no test at all ends with 0, as if all had passed. How many it ran stands in its report, or in the last
 * lines of what it prints; the words are those of the runners that people use.
 */

/** A file in which `node --test` found no test is a test by its own name there, which passed. */
export type IsEmptyFile = (name: string) => boolean;

/**
 * How many tests were run to their end, skipped ones not counted; null where nothing says so.
 *
 * @param report of the format: what was printed, or what a file holds
 * @param printed all that was printed
 */
export function countTests(
  format: FindingsFormat,
  report: string,
  printed: string,
  isEmptyFile: IsEmptyFile,
): number | null {
  if (report.length > MOST_CHARACTERS || printed.length > MOST_CHARACTERS) return null;
  const named = format === 'tap' ? tapTests(report) : format === 'junit' ? junitCases(report) : null;
  if (named !== null) return named.filter((name) => !isEmptyFile(name)).length;
  return countPrinted(stripVTControlCharacters(printed), isEmptyFile);
}

/** What a runner prints of a whole: the numbers of `ran` together are the tests it ran. */
interface Summary {
  readonly says: RegExp;
  readonly ran: RegExp;
}

const SUMMARIES: readonly Summary[] = [
  // node:test, as spec and as TAP
  { says: /^[ℹ#] tests \d+$/m, ran: /^[ℹ#] (?:pass|fail|cancelled) (\d+)$/gm },
  // vitest
  { says: /^No test files found/m, ran: /^\s*Tests\s.*?(\d+) (?:passed|failed)/gm },
  { says: /^\s*Tests\s+.*\(\d+\)$/m, ran: /(?<=^\s*Tests\s.*)\b(\d+) (?:passed|failed)/gm },
  // jest
  { says: /^No tests found, exiting with code 0/m, ran: /^Tests:.*?(\d+) (?:passed|failed)/gm },
  { says: /^Tests:\s.*\btotal$/m, ran: /(?<=^Tests:.*)\b(\d+) (?:passed|failed)/gm },
  // mocha
  { says: /^\s*\d+ passing\b/m, ran: /^\s*(\d+) (?:passing|failing)\b/gm },
  // pytest
  {
    says: /^[= ]*(?:no tests ran|\d+ (?:passed|failed|skipped|deselected|xfailed)\b.*) in [\d.]+s/m,
    ran: /(?<=^[= ]*(?:\d+ [a-z]+, )*)(\d+) (?:passed|failed|errors?|xfailed|xpassed)\b(?=.* in [\d.]+s)/gm,
  },
  // cargo
  { says: /^test result: /m, ran: /(?<=^test result: .*)\b(\d+) (?:passed|failed)/gm },
];

/** vitest and jest, as JSON, which is one long line. */
const JSON_SUMMARY: Summary = { says: /"numTotalTests":\s?\d/, ran: /"num(?:Passed|Failed)Tests":\s?(\d{1,9})/g };

/** No line of a summary is longer, and each regular expression above sees one line at a time. */
const MOST_LINE = 300;
const MOST_CHARACTERS = 4 * 1024 * 1024;

function countPrinted(all: string, isEmptyFile: IsEmptyFile): number | null {
  const printed = all
    .split('\n')
    .filter((line) => line.length <= MOST_LINE)
    .join('\n');
  const counts = [
    ...(JSON_SUMMARY.says.test(all) ? [sum(all, JSON_SUMMARY.ran)] : []),
    ...SUMMARIES.filter(({ says }) => says.test(printed)).map(({ ran }) => sum(printed, ran)),
    ...unittestCount(printed),
    ...goCount(printed),
  ];
  if (counts.length === 0) return null;
  const files = [...printed.matchAll(/^✔ (\S+) \([\d.]+ms\)$/gm)].filter(([, name = '']) => isEmptyFile(name));
  return Math.max(0, counts.reduce((total, count) => total + count, 0) - files.length);
}

const sum = (text: string, numbers: RegExp): number =>
  [...text.matchAll(numbers)].reduce((total, [, number]) => total + Number(number), 0);

function unittestCount(printed: string): readonly number[] {
  if (!/^Ran \d+ tests? in /m.test(printed)) return [];
  return [sum(printed, /^Ran (\d+) tests? in /gm) - sum(printed, /^(?:OK|FAILED) \(.*skipped=(\d+)/gm)];
}

/** Of Go's packages each has a line; those of which it says that there are no tests count for nothing. */
function goCount(printed: string): readonly number[] {
  const isOfGo = /^(?:\?\s+\S+\s+\[no test files\]|ok\s+\S+\s.*\[no tests to run\])$/m.test(printed);
  return isOfGo ? [[...printed.matchAll(/^ok\s+\S+\s(?!.*\[no tests to run\])/gm)].length] : [];
}

/** Whether a file that passed as a test of its own has none: nothing is in it, or it was to hold tests of `node:test`. */
export function isWithoutTest(content: string): boolean {
  if (/node:test/.test(content)) return true;
  const left = content
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/^\s*\/\/.*$/gm, '')
    .replaceAll(/^\s*(?:import\b.*|export \{\s*\}|['"]use strict['"]);?\s*$/gm, '');
  return left.trim() === '';
}
