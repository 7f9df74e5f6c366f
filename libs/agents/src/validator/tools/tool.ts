import { dirname, join } from 'node:path';
import {
  type Execution,
  endingOf,
  type PreparedFolder,
  type ReadOnlyPlace,
  type Sandbox,
  type SandboxLimits,
  type SandboxView,
} from '@baton/sandbox';
import { identified, MOST_COMPARED, sortedByAge } from '../../checks/findings/finding-ids.js';
import { checkEnvironment, programFolders } from '../../set-up/environment.js';
import type { DeliverableFile } from '../../task/file-set.js';
import type { KnownFailure, Language, ToolFinding, ToolResult } from '../../task/outputs.js';
import { withoutWork } from './without-work.js';
import type { Workspace } from './workspace.js';

/** What the tools work on. */
interface ToolInput {
  readonly language: Language;
  readonly files: readonly DeliverableFile[];
  readonly testCommand: string;
  /** Null: the deliverable's code may be executed. Otherwise the reason why not. */
  readonly executionRefused: string | null;
  /** What failed on the given state of the workspace. */
  readonly knownFailures: readonly KnownFailure[];
}

/** What the tools work with. */
export interface ToolContext {
  readonly input: ToolInput;
  readonly workspace: Workspace;
  readonly sandbox: Sandbox;
  readonly limits: SandboxLimits;
  /** What a set-up made for the workspace, shown in it. */
  readonly prepared: readonly PreparedFolder[];
  /** What the package managers of this machine are made of. */
  readonly programs: readonly ReadOnlyPlace[];
  /** Node itself; absolute. */
  readonly node: string;
  /** The Python interpreter, absolute; null where there is none. */
  readonly python: string | null;
  readonly signal: AbortSignal;
  /** Told of whatever was run: for whoever keeps what it printed. */
  readonly onRun?: (execution: Execution) => void;
}

export type Tool = (context: ToolContext) => Promise<ToolResult>;

const MAX_FINDINGS = 20;
const MAX_MESSAGE = 1000;

const NOTHING_FOUND = { findings: [], oldFindings: [], findingIds: [], isComplete: false };

/** A tool that did not run. It is never a pass. */
export const leftOut = (tool: string, reason: string): ToolResult => ({
  tool,
  status: 'left-out',
  exitCode: null,
  durationMs: 0,
  ...NOTHING_FOUND,
  couldRun: false,
  reason,
  execution: null,
});

/** A tool that failed before anything had to run: a file is missing. */
export const failedEarly = (tool: string, message: string): ToolResult => ({
  tool,
  status: 'failed',
  exitCode: null,
  durationMs: 0,
  ...NOTHING_FOUND,
  findings: [{ file: null, line: null, message }],
  findingIds: [identified(tool, { file: null, line: null, message }).id],
  couldRun: true,
  reason: null,
  execution: null,
});

/** What a command of a tool sees beside the system: what the tools are made of. */
const viewOf = ({ workspace, programs, prepared }: ToolContext): SandboxView => ({
  folder: workspace.folder,
  readOnly: [...workspace.toolchain, ...programs, { from: workspace.packageFile, at: '/package.json' }],
  prepared,
});

/** Where a command finds a path of this machine. */
export const inside = (context: ToolContext, path: string): string => context.sandbox.inside(viewOf(context), path);

/** Runs a program in the deliverable's folder, with nothing of our environment. Paths are those of inside. */
export async function runTool(
  context: ToolContext,
  argv: readonly [string, ...string[]],
  limits: Partial<SandboxLimits> = {},
): Promise<Execution> {
  const command = { ...viewOf(context), argv, env: toolEnv(context), limits: { ...context.limits, ...limits } };
  const execution = await context.sandbox.run(command, context.signal);
  context.onRun?.(execution);
  return execution;
}

/** Where programs of ours lie in the folder of a run. */
export const PROGRAMS = 'bin';

const toolEnv = (context: ToolContext): Readonly<Record<string, string>> => ({
  PATH: pathOf(context).join(':'),
  ...checkEnvironment(inside(context, context.workspace.folder.work), fillsOf(context)),
  TZ: 'UTC',
  CI: '1',
  NO_COLOR: '1',
  NODE_NO_WARNINGS: '1',
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONHASHSEED: '0',
});

const fillsOf = ({ prepared }: ToolContext): readonly string[] => prepared.map(({ over }) => over);

/** What packages bring comes before what the machine has, as it does where people work. */
function pathOf(context: ToolContext): readonly string[] {
  const { workspace, node, python } = context;
  const ours = [node, ...(python === null ? [] : [python])].map((file) => dirname(inside(context, file)));
  return [
    ...programFolders(inside(context, workspace.folder.work), fillsOf(context)),
    ...ours,
    inside(context, join(workspace.folder.own, PROGRAMS)),
    '/usr/bin',
    '/bin',
  ];
}

/** What is known of findings beside themselves. */
interface Findings {
  /** What else tells two runs of the tool apart; it is shown where nothing of `found` is new. */
  readonly besides?: readonly ToolFinding[];
  /** Whether what was found is all that there is; absent: yes. A tool that did not come to its end proves nothing anyway. */
  readonly isComplete?: boolean;
}

/**
 * The verdict over a process: it passes where it ended by itself with exit code 0 and nothing was found. Where it failed
 * and nothing was found, the end of what it printed is the finding, so that a failure is never without a word. What it found
 * on the given state, too, does not count against what is judged, as long as all is known of both.
 */
export function toolResult(
  context: ToolContext,
  tool: string,
  { record, stdout, stderr, isOutputCut }: Execution,
  found: readonly ToolFinding[],
  { besides = [], isComplete = true }: Findings = {},
): ToolResult {
  const ending = endingOf(record);
  const hasPassed = record.exitCode === 0 && ending === null && found.length === 0;
  const general = (message: string): ToolFinding => ({ file: null, line: null, message });
  const known = [...(ending === null ? [] : [general(ending)]), ...found];
  // Of what it printed all is compared, though only the end is shown.
  const printed = `${stdout}\n${stderr}`.trim();
  const silent = `it ended with exit code ${record.exitCode} and printed nothing`;
  if (!hasPassed && known.length === 0) known.push(general(printed === '' ? silent : printed));
  const identify = (finding: ToolFinding, isShown: boolean) => ({
    ...identified(tool, inPlace(context, finding)),
    isShown,
  });
  const all = [
    ...known.map((finding) => identify(finding, true)),
    ...(hasPassed ? [] : besides.map((finding) => identify(finding, false))),
  ];
  const isAllKnown = isComplete && ending === null && !isOutputCut && all.length <= MOST_COMPARED;
  const before = context.input.knownFailures.find((each) => each.tool === tool && each.isComplete);
  const { fresh, old } = sortedByAge(all, isAllKnown ? (before?.findingIds ?? []) : []);
  const shown = fresh.some(({ isShown }) => isShown) ? fresh.filter(({ isShown }) => isShown) : fresh;
  return {
    tool,
    status: hasPassed ? 'passed' : fresh.length === 0 ? 'failed-before' : 'failed',
    exitCode: record.exitCode,
    durationMs: record.durationMs,
    findings: capFindings(shown.map(({ finding }) => clip(finding))),
    oldFindings: capFindings(old.filter(({ isShown }) => isShown).map(({ finding }) => clip(finding))),
    findingIds: all.slice(0, MOST_COMPARED).map(({ id }) => id),
    isComplete: isAllKnown,
    couldRun: true,
    reason: isOutputCut ? `Only the last ${record.limits.keptOutputBytes} bytes of its output were kept.` : null,
    execution: record,
  };
}

/** Turns what a tool printed into text without paths of this machine or of the sandbox. */
export const relativeTo = (context: ToolContext, text: string): string =>
  withoutWork(inside(context, context.workspace.folder.work), text).replaceAll(
    context.workspace.folder.root,
    '<workspace>',
  );

const inPlace = (context: ToolContext, { file, line, message }: ToolFinding): ToolFinding => ({
  file: file === null ? null : relativeTo(context, file),
  line,
  message: relativeTo(context, message),
});

/** Of what a tool printed the end says most, of a message its beginning. */
function clip({ file, line, message }: ToolFinding): ToolFinding {
  if (message.length <= MAX_MESSAGE) return { file, line, message };
  const isPrinted = file === null && message.includes('\n');
  return { file, line, message: isPrinted ? message.slice(-MAX_MESSAGE) : `${message.slice(0, MAX_MESSAGE)} …` };
}

function capFindings(findings: readonly ToolFinding[]): ToolFinding[] {
  const left = findings.length - MAX_FINDINGS;
  if (left <= 0) return [...findings];
  return [...findings.slice(0, MAX_FINDINGS), { file: null, line: null, message: `and ${left} more` }];
}
