import type { KnownFailure, ToolFinding } from './outputs.js';

const MOST_FINDINGS = 60;

/** What failed before the work began, in lines for a model. */
export function tellKnownFailures(failures: readonly KnownFailure[]): string {
  if (failures.length === 0) return 'Nothing is known of.';
  const lines = failures.flatMap(({ tool, findings }) => [`${tool} failed:`, ...findings.map(lineOfFinding)]);
  const more = lines.length - MOST_FINDINGS;
  return more > 0 ? [...lines.slice(0, MOST_FINDINGS), `… and ${more} lines more`].join('\n') : lines.join('\n');
}

/** `src/a.ts:3: message`. */
export function lineOfFinding({ file, line, message }: ToolFinding): string {
  const place = file === null ? '' : `${file}${line === null ? '' : `:${line}`}: `;
  return `${place}${message}`;
}
