import { OFFLINE_MODEL } from '@baton/llm';
import type { Execution, SandboxChoice, SandboxLimits } from '@baton/sandbox';
import { hashOfFindings } from '../../checks/findings/finding-ids.js';
import { throwIfAborted } from '../../task/or-failure.js';
import { type Language, ToolName, type ToolReport, type ToolResult } from '../../task/outputs.js';
import type { ToolArguments } from '../../task/task-arguments.js';
import { SET_UP } from './equipment.js';
import { keepPrinted } from './keep-printed.js';
import { type CopySettings, onCopy, type Work } from './on-copy.js';
import { checkPythonTypes, parsePython, runPythonTests } from './python-tools.js';
import { leftOut, type Tool } from './tool.js';
import { checkTypes, parseTypeScript, runNodeTests } from './typescript-tools.js';
import { openWhole } from './whole-tree.js';
import { type Judged, judgedIn, runCheck, unreadable } from './workspace-checks.js';

export interface ToolSettings extends CopySettings {
  /** Whether the offline model's own task of the same run wrote these files, whatever the arguments say. */
  readonly isOfflineWork: (files: ToolArguments['files']) => Promise<boolean>;
}

/** One of the checks, and what is added to it. */
export interface ChosenCheck {
  readonly name: string;
  readonly arguments: readonly string[];
}

export const DEFAULT_LIMITS: SandboxLimits = {
  wallMs: 60_000,
  cpuSeconds: 60,
  // V8 alone reserves about 600 MB of this before it runs a line.
  memoryMb: 2048,
  processes: 256,
  fileSizeMb: 64,
  outputBytes: 8 * 1024 * 1024,
  keptOutputBytes: 64 * 1024,
  diskMb: 256,
  files: 20_000,
};

const TOOLS: Readonly<Record<Language, Readonly<Record<ToolName, Tool>>>> = {
  typescript: { parse: parseTypeScript, types: checkTypes, tests: runNodeTests },
  python: { parse: parsePython, types: checkPythonTypes, tests: runPythonTests },
};

/** What can be run on code of a language, in its order. */
export const toolsFor = (language: Language): readonly ToolName[] =>
  ToolName.options.filter((name) => !WITHOUT[language].includes(name));

/** What `offline` alone wrote comes from scripts in this repository, which quote the requirements only as data. */
const TRUSTED_AUTHOR = OFFLINE_MODEL;

/**
 * Level 2: the deterministic tools, one after the other, in a fresh folder that is removed again. Throws where `signal`
 * is aborted. What the limits hold and what they do not: README.md.
 */
export async function runTools(
  args: ToolArguments,
  settings: ToolSettings,
  signal: AbortSignal,
  only?: readonly ChosenCheck[],
): Promise<ToolReport> {
  const { language, testCommand } = args;
  const whole = args.workspace == null ? null : await openWhole(args.workspace.tree, args.files, settings.blobs);
  const files = whole?.files ?? args.files;
  const choice = await settings.sandbox();
  const executionRefused = await executionRefusal(args, choice, settings);
  const judged = args.workspace == null || whole === null ? null : await judgedIn(args.workspace, settings.blobs);
  const found = judged?.ok === true ? judged.found : null;
  const work: Work = {
    input: { language, files, testCommand, executionRefused, knownFailures: args.knownFailures ?? [] },
    tree: whole?.tree ?? null,
    found: executionRefused === null ? found : null,
  };
  return onCopy(work, settings, signal, async (context, equipment) => {
    const results: ToolResult[] = equipment.result === null ? [] : [equipment.result];
    for (const { name, tool } of toolsIn(language, judged, equipment.missing, only)) {
      const executions: Execution[] = [];
      const result = await unlessFull(
        name,
        tool,
        results,
      )({
        ...context,
        onRun: (execution) => executions.push(execution),
      });
      // Who tries a check reads what it says; what a verdict is made of is looked into later.
      results.push(only === undefined ? await keepPrinted(context, result, executions, settings.blobs) : result);
      throwIfAborted(signal);
    }
    const warning = executionRefused === null ? choice.warning : null;
    return { ...reportOf(language, results), warning, setUp: equipment.record, tree: null };
  });
}

/**
 * They share a folder, in which what one of them left is for the next ones. Where that is more than any may leave, each of those
 * would be stopped for what it did not do.
 */
function unlessFull(name: string, tool: Tool, before: readonly ToolResult[]): Tool {
  const full = before.find(({ execution }) => execution?.stopped === 'disk');
  if (full === undefined) return tool;
  return async () => leftOut(name, `${full.tool}, which was run before, left more files than a check may.`);
}

interface NamedTool {
  readonly name: string;
  readonly tool: Tool;
}

/** The checks of the workspace, where it has some; else what Baton brings for the language. */
function toolsIn(
  language: Language,
  judged: Judged | null,
  missing: string | null,
  only?: readonly ChosenCheck[],
): readonly NamedTool[] {
  if (judged?.ok === false) return [{ name: 'tools-file', tool: async () => unreadable(judged.problem) }];
  const checks = judged?.found.checks ?? [];
  const names = checks.length > 0 ? checks.map(({ name }) => name) : ToolName.options;
  const chosen = only ?? names.map((name) => ({ name, arguments: [] }));
  return chosen.map(({ name, arguments: args }) => {
    const check = checks.find((each) => each.name === name);
    if (check !== undefined) return { name, tool: (context) => runCheck(context, check, missing, args) };
    const brought = ToolName.safeParse(name);
    const gone = async () => leftOut(name, `The workspace has no check ${name} any more.`);
    return { name, tool: brought.success ? TOOLS[language][brought.data] : gone };
  });
}

/** @returns null where the code may be executed, otherwise why not and what to do */
export async function executionRefusal(
  { files, writtenBy }: ToolArguments,
  { executes, summary, next }: SandboxChoice,
  { isOfflineWork }: ToolSettings,
): Promise<string | null> {
  if (executes === 'anything') return null;
  const why = `${summary[0]?.toUpperCase()}${summary.slice(1)}. ${next ?? ''}`.trim();
  if (executes === 'nothing') return why;
  if (writtenBy !== TRUSTED_AUTHOR) return `The code was written by ${writtenBy}. ${why}`;
  if (await isOfflineWork(files)) return null;
  return `The files are not what a task of the offline model wrote in this run, though the arguments say so. ${why}`;
}

/** The tools that a language does not have: that they do not run says nothing about the code. */
const WITHOUT: Readonly<Record<Language, readonly string[]>> = { typescript: [], python: ['types'] };

/** That a workspace could be prepared says nothing of it. */
const hasJudged = ({ tool }: ToolResult): boolean => tool !== SET_UP;

/** What was not run did not pass: a report with a tool that should have run and did not proves nothing. */
function reportOf(language: Language, tools: ToolResult[]): Omit<ToolReport, 'warning' | 'setUp' | 'tree'> {
  const having = (status: ToolResult['status']) => tools.filter((tool) => tool.status === status);
  const named = (results: readonly ToolResult[]) => results.map(({ tool }) => tool);
  const failed = having('failed');
  const failing = named(failed);
  const failedBefore = named(having('failed-before'));
  const leftOut = having('left-out');
  const missed = leftOut.filter(({ tool }) => !WITHOUT[language].includes(tool));
  // A set-up that failed by what is in the files is mended there, and what waits for it runs then.
  const isHeldUp = [...failed, ...having('failed-before')].some(({ tool }) => tool === SET_UP);
  const unable = [...(isHeldUp ? [] : missed), ...failed.filter(({ couldRun }) => !couldRun)];
  return {
    passed:
      failing.length === 0 && missed.length === 0 && [...having('passed'), ...having('failed-before')].some(hasJudged),
    language,
    tools,
    failing,
    failedBefore,
    leftOut: named(leftOut),
    notRun: named(missed),
    reason: failing.length > 0 || missed.length === 0 ? null : whyNotRun(missed),
    unable: named(unable),
    unableReason: unable.length === 0 ? null : whyNotRun(unable),
    findingsHash: failed.length === 0 ? null : hashOfFindings(failed.flatMap(({ findingIds }) => findingIds)),
  };
}

/** One sentence for each reason, with the tools that it kept from running. */
function whyNotRun(missed: readonly ToolResult[]): string {
  const reasons = [...new Set(missed.map(({ reason }) => reason ?? ''))];
  return reasons
    .map((reason) => {
      const held = missed.filter((tool) => (tool.reason ?? '') === reason).map(({ tool }) => tool);
      return `${held.join(' and ')} did not run, and what was not run did not pass. ${reason}`.trim();
    })
    .join(' ');
}
