import type { DeliverableFile } from '../../task/file-set.js';
import type { Language, ToolFinding, ToolName, ToolResult } from '../../task/outputs.js';
import type { Isolation } from './isolation.js';
import { type ProcessLimits, type ProcessOutcome, type ProcessRequest, runProcess } from './run-process.js';
import type { Workspace } from './workspace.js';

/** What the tools work on. */
interface ToolInput {
  readonly language: Language;
  readonly files: readonly DeliverableFile[];
  readonly testCommand: string;
  /** Null: the deliverable's code may be executed. Otherwise the reason why not. */
  readonly executionRefused: string | null;
}

/** What the tools work with. */
export interface ToolContext {
  readonly input: ToolInput;
  readonly workspace: Workspace;
  readonly limits: ProcessLimits;
  readonly monotonicMs: () => number;
  readonly runMark: string;
  /** Node itself; absolute. */
  readonly node: string;
  /** The Python interpreter, absolute; null where there is none. */
  readonly python: string | null;
  readonly isolation: Isolation;
  readonly signal: AbortSignal;
}

export type Tool = (context: ToolContext) => Promise<ToolResult>;

const MAX_FINDINGS = 20;
const MAX_MESSAGE = 1000;

/** A tool that did not run. It is never a pass. */
export const leftOut = (tool: ToolName, reason: string): ToolResult => ({
  tool,
  status: 'left-out',
  exitCode: null,
  durationMs: 0,
  findings: [],
  reason,
});

/** A tool that failed before anything had to run: a file is missing. */
export const failedEarly = (tool: ToolName, message: string): ToolResult => ({
  tool,
  status: 'failed',
  exitCode: null,
  durationMs: 0,
  findings: [{ file: null, line: null, message }],
  reason: null,
});

/** Runs a program in the deliverable's folder, with nothing of our environment. */
export function runTool(
  context: ToolContext,
  program: Pick<ProcessRequest, 'file' | 'args'>,
  extraEnv: Readonly<Record<string, string>> = {},
): Promise<ProcessOutcome> {
  const { workspace, limits, monotonicMs, runMark, isolation, signal } = context;
  return runProcess(
    {
      ...program,
      cwd: workspace.work,
      env: { ...toolEnv(context), ...extraEnv },
      isolation,
      runMark,
      limits,
      monotonicMs,
    },
    signal,
  );
}

const toolEnv = ({ workspace, node }: ToolContext): Readonly<Record<string, string>> => ({
  PATH: `${node.slice(0, node.lastIndexOf('/'))}:/usr/bin:/bin`,
  HOME: workspace.tmp,
  TMPDIR: workspace.tmp,
  LANG: 'C.UTF-8',
  TZ: 'UTC',
  CI: '1',
  NO_COLOR: '1',
  NODE_NO_WARNINGS: '1',
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONHASHSEED: '0',
});

/**
 * The verdict over a process: it passes where it ended by itself with exit code 0 and nothing was found. Where it failed
 * and nothing was found, the end of what it printed is the finding, so that a failure is never without a word.
 */
export function toolResult(
  context: ToolContext,
  tool: ToolName,
  outcome: ProcessOutcome,
  found: readonly ToolFinding[],
): ToolResult {
  const ending = endingOf(outcome, context.limits);
  const hasPassed = outcome.exitCode === 0 && ending === null && found.length === 0;
  const general = (message: string): ToolFinding => ({ file: null, line: null, message });
  const findings = [...(ending === null ? [] : [general(ending)]), ...found];
  if (!hasPassed && findings.length === 0) {
    const printed = `${outcome.stdout}\n${outcome.stderr}`.trim().slice(-MAX_MESSAGE);
    findings.push(
      general(printed === '' ? `it ended with exit code ${outcome.exitCode} and printed nothing` : printed),
    );
  }
  return {
    tool,
    status: hasPassed ? 'passed' : 'failed',
    exitCode: outcome.exitCode,
    durationMs: Math.round(outcome.durationMs),
    findings: capFindings(findings.map((finding) => tidy(context.workspace, finding))),
    reason: outcome.isOutputCut ? `Its output was cut after ${context.limits.keptOutputBytes} bytes.` : null,
  };
}

function endingOf(outcome: ProcessOutcome, limits: ProcessLimits): string | null {
  if (outcome.stopped === 'time-limit') return `it was stopped after ${limits.wallMs / 1000} s, its time limit`;
  if (outcome.stopped === 'output-limit')
    return `it was stopped because it printed more than ${limits.maxOutputBytes} bytes`;
  if (outcome.killedBy === 'SIGXCPU') return `it was ended after ${limits.cpuSeconds} s of processor time, its limit`;
  if (outcome.killedBy !== null)
    return `it was ended by ${outcome.killedBy}, as happens at a limit of memory or processor time`;
  return null;
}

function tidy(workspace: Workspace, finding: ToolFinding): ToolFinding {
  const message = workspace.relative(finding.message);
  return {
    file: finding.file === null ? null : workspace.relative(finding.file),
    line: finding.line,
    message: message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE)} …`,
  };
}

function capFindings(findings: readonly ToolFinding[]): ToolFinding[] {
  const left = findings.length - MAX_FINDINGS;
  if (left <= 0) return [...findings];
  return [...findings.slice(0, MAX_FINDINGS), { file: null, line: null, message: `and ${left} more` }];
}
