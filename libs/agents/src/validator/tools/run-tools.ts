import { performance } from 'node:perf_hooks';
import { OFFLINE_MODEL } from '@baton/llm';
import { type BlobStore, materialise } from '@baton/workspace';
import { throwIfAborted } from '../../task/or-failure.js';
import type { Language, ToolName, ToolReport, ToolResult } from '../../task/outputs.js';
import type { ToolArguments } from '../../task/task-arguments.js';
import { handOver, type Isolation, NO_ISOLATION } from './isolation.js';
import { checkPythonTypes, parsePython, runPythonTests } from './python-tools.js';
import type { ProcessLimits } from './run-process.js';
import type { Tool, ToolContext } from './tool.js';
import { checkTypes, parseTypeScript, runNodeTests } from './typescript-tools.js';
import { openWhole } from './whole-tree.js';
import { openWorkspace, writeFiles } from './workspace.js';

/** `offline-only`: only what the scripted model alone wrote is executed. `always`: everything is (BATON_SANDBOX=none). */
export type ExecuteGenerated = 'offline-only' | 'always';

export interface ToolSettings {
  readonly executeGenerated: ExecuteGenerated;
  readonly limits: ProcessLimits;
  /** Whether the offline model's own task of the same run wrote these files, whatever the arguments say. */
  readonly isOfflineWork: (files: ToolArguments['files']) => Promise<boolean>;
  /** Where versions of workspaces are kept. */
  readonly blobs: BlobStore;
  /** The folder in which each run gets its own. */
  readonly tmpDir: string;
  readonly now: () => Date;
  /** A new, unguessable word for each run. */
  readonly newRunMark: () => string;
  /** See `findIsolation`. */
  readonly isolation: () => Promise<Isolation | null>;
  /** See `findPython`. */
  readonly python: () => Promise<string | null>;
}

const MIB = 1024 * 1024;

export const DEFAULT_LIMITS: ProcessLimits = {
  wallMs: 60_000,
  cpuSeconds: 60,
  // V8 alone reserves about 600 MiB of this before it runs a line.
  memoryBytes: 2048 * MIB,
  fileBytes: 64 * MIB,
  keptOutputBytes: 64 * 1024,
  maxOutputBytes: 8 * MIB,
};

const TOOLS: Readonly<Record<Language, readonly Tool[]>> = {
  typescript: [parseTypeScript, checkTypes, runNodeTests],
  python: [parsePython, checkPythonTypes, runPythonTests],
};

/** What `offline` alone wrote comes from scripts in this repository, which quote the requirements only as data. */
const TRUSTED_AUTHOR = OFFLINE_MODEL;

/**
 * Level 2: the deterministic tools, one after the other, in a fresh folder that is removed again. Throws where `signal`
 * is aborted. What the limits hold and what they do not: README.md.
 */
export async function runTools(args: ToolArguments, settings: ToolSettings, signal: AbortSignal): Promise<ToolReport> {
  const { language, testCommand } = args;
  const whole = args.workspace == null ? null : await openWhole(args.workspace.tree, args.files, settings.blobs);
  const files = whole?.files ?? args.files;
  const python = language === 'python' ? await settings.python() : null;
  const isolation = await settings.isolation();
  const executionRefused = isolation === null ? ONLY_ROOT : await executionRefusal(args, settings);
  const workspace = await openWorkspace(
    (work) => (whole === null ? writeFiles(work, files) : materialise(whole.tree, work, settings.blobs)),
    settings.tmpDir,
    settings.now(),
  );
  try {
    await handOver(workspace.root, isolation ?? NO_ISOLATION);
    const context: ToolContext = {
      input: { language, files, testCommand, executionRefused },
      workspace,
      limits: settings.limits,
      monotonicMs: () => performance.now(),
      runMark: settings.newRunMark(),
      node: process.execPath,
      python,
      isolation: isolation ?? NO_ISOLATION,
      signal,
    };
    const results: ToolResult[] = [];
    for (const tool of TOOLS[language]) {
      results.push(await tool(context));
      throwIfAborted(signal);
    }
    return reportOf(language, results);
  } finally {
    await workspace.remove();
  }
}

const ONLY_ROOT =
  'The validator runs as root, and on this machine could only run the code as root, too. Run it as another user.';

async function executionRefusal(
  { files, writtenBy }: ToolArguments,
  { executeGenerated, isOfflineWork }: ToolSettings,
): Promise<string | null> {
  if (executeGenerated === 'always') return null;
  if (writtenBy === TRUSTED_AUTHOR) {
    if (await isOfflineWork(files)) return null;
    return 'The files are not what a task of the offline model wrote in this run, though the arguments say so, and there is no sandbox to run them in. Set BATON_SANDBOX=none to run them without one.';
  }
  return `The code was written by ${writtenBy}, and there is no sandbox to run it in. Set BATON_SANDBOX=none to run it without one.`;
}

/** The tools that a language does not have: that they do not run says nothing about the code. */
const WITHOUT: Readonly<Record<Language, readonly ToolName[]>> = { typescript: [], python: ['types'] };

/** What was not run did not pass: a report with a tool that should have run and did not proves nothing. */
function reportOf(language: Language, tools: ToolResult[]): ToolReport {
  const having = (status: ToolResult['status']) => tools.filter((tool) => tool.status === status);
  const named = (results: readonly ToolResult[]) => results.map(({ tool }) => tool);
  const failing = named(having('failed'));
  const leftOut = having('left-out');
  const missed = leftOut.filter(({ tool }) => !WITHOUT[language].includes(tool));
  return {
    passed: failing.length === 0 && missed.length === 0 && having('passed').length > 0,
    language,
    tools,
    failing,
    leftOut: named(leftOut),
    notRun: named(missed),
    reason: failing.length > 0 || missed.length === 0 ? null : whyNotRun(missed),
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
