import type { ShownConflict } from '@baton/workspace';
import { hashOfFindings, identified } from '../../checks/findings/finding-ids.js';
import type { Language, ToolFinding, ToolReport, ToolResult } from '../../task/outputs.js';

const MERGE = 'merge';
const MOST_SHOWN = 50;

/** Conflicts as level 2 tells of them: the tool `merge` failed, and nothing else was run on what is no whole program. */
export function conflictReport(language: Language, conflicts: readonly ShownConflict[]): ToolReport {
  const findings: ToolFinding[] = conflicts
    .slice(0, MOST_SHOWN)
    .map(({ path, line, message }) => ({ file: path, line, message }));
  const more = conflicts.length - findings.length;
  if (more > 0) findings.push({ file: null, line: null, message: `There are ${more} more conflicts.` });
  // The place alone: a conflict that is half resolved is the same one.
  const findingIds = [
    ...new Set(conflicts.map(({ path }) => identified(MERGE, { file: path, line: null, message: '' }).id)),
  ];
  const result: ToolResult = {
    tool: MERGE,
    status: 'failed',
    exitCode: null,
    durationMs: 0,
    findings,
    oldFindings: [],
    findingIds,
    isComplete: true,
    couldRun: true,
    reason: null,
    execution: null,
  };
  return {
    passed: false,
    language,
    tools: [result],
    failing: [MERGE],
    failedBefore: [],
    leftOut: [],
    notRun: [],
    reason: null,
    unable: [],
    unableReason: null,
    warning: null,
    setUp: null,
    tree: null,
    findingsHash: hashOfFindings(findingIds),
  };
}
