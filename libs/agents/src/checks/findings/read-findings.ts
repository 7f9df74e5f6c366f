import type { ToolFinding } from '../../task/outputs.js';
import type { FindingsFormat } from '../check.js';
import { readEslint, readRuff, readSarif } from './json-findings.js';
import { readJunit } from './junit.js';
import { readLines, readTsc } from './line-findings.js';
import { readTap } from './tap.js';

/** Longer ones are not read: a report of megabytes says nothing that its beginning does not. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

const READERS: Readonly<Record<FindingsFormat, (text: string) => readonly ToolFinding[] | null>> = {
  lines: readLines,
  tsc: readTsc,
  tap: readTap,
  junit: readJunit,
  sarif: readSarif,
  eslint: readEslint,
  ruff: readRuff,
};

/**
 * The problems that a command found, as its report says them; `text` is whatever it printed or wrote. null where the text
 * is not of that format, or none of its problems can be told: then the end of what it printed has to do.
 */
export function readFindings(format: FindingsFormat, text: string): readonly ToolFinding[] | null {
  if (text.length > MOST_CHARACTERS) return null;
  const findings = READERS[format](text);
  return findings === null || findings.length === 0 ? null : findings;
}
