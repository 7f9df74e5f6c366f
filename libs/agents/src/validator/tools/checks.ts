import type { ArgumentRule } from '../../checks/check.js';
import { argumentProblem, wordsOf as takesInWords } from '../../checks/fit-arguments.js';
import type { Checks } from '../../loop/tools/run.js';
import { lineOfFinding } from '../../task/known-failures.js';
import type { KnownFailure, Language, ToolResult } from '../../task/outputs.js';
import { deliver, type OpenWorkspace } from '../../workbench/on-workspace.js';
import type { Workbench } from '../../workbench/workbench.js';
import { SET_UP } from './equipment.js';
import { executionRefusal, runTools, type ToolSettings, toolsFor } from './run-tools.js';
import { judgedBy } from './workspace-checks.js';

export type CheckSettings = Omit<ToolSettings, 'isOfflineWork'>;

interface Subject {
  readonly language: Language;
  readonly testCommand: string;
  readonly writtenBy: string;
  readonly isOwn: boolean;
  /** What failed on the given state of the workspace. */
  readonly knownFailures: readonly KnownFailure[];
}

/** The tools of level 2 one by one, on the files of a bench as they are; only those that may run there. */
export async function checksOn(
  bench: Workbench,
  workspace: OpenWorkspace | null,
  settings: CheckSettings,
  subject: Subject,
): Promise<Checks> {
  const { language, testCommand, writtenBy, isOwn, knownFailures } = subject;
  const tools: ToolSettings = { ...settings, isOfflineWork: async () => isOwn };
  const args = { tools: true as const, language, testCommand, writtenBy, knownFailures: [...knownFailures] };
  const refused = await executionRefusal({ ...args, files: [] }, await settings.sandbox(), tools);
  const judged = workspace === null ? null : await judgedBy(workspace.base, workspace.from, settings.blobs);
  const own = judged?.ok === true && refused === null ? judged.found.checks : [];
  const brought = toolsFor(language)
    .filter((name) => name !== 'tests' || refused === null)
    .map((name) => ({ name, takes: null }));
  const all: readonly { readonly name: string; readonly takes: ArgumentRule | null }[] = own.length > 0 ? own : brought;
  const [first = { name: 'parse', takes: null }, ...others] = all;
  const told = ({ name, takes }: typeof first) => ({ name, takes: takes === null ? null : takesInWords(takes) });
  return {
    all: [told(first), ...others.map(told)],
    run: async (name, words, signal) => {
      const rule = own.find((check) => check.name === name)?.takes ?? null;
      const misfit = argumentProblem(rule, words);
      if (misfit !== null) return misfit;
      const { delivered, problems } = await deliver(bench, workspace);
      if (problems.length > 0) return problems.join('\n');
      const chosen = [{ name, arguments: words }];
      const { tools: results } = await runTools({ ...args, ...delivered }, tools, signal, chosen);
      return results
        .filter(({ tool, status }) => tool !== SET_UP || status !== 'passed')
        .map(wordsOf)
        .join('\n');
    },
  };
}

function wordsOf({ tool, status, durationMs, findings, oldFindings, reason }: ToolResult): string {
  return [
    `${tool} ${WORDS[status]} after ${(durationMs / 1000).toFixed(1)} s.`,
    ...(reason === null ? [] : [reason]),
    ...findings.map(lineOfFinding),
    ...(oldFindings.length === 0 ? [] : ['Found before the run began, too, and not yours to answer for:']),
    ...oldFindings.map(lineOfFinding),
  ].join('\n');
}

const WORDS: Readonly<Record<ToolResult['status'], string>> = {
  passed: 'passed',
  failed: 'failed',
  'failed-before': 'failed as it did before the run, with nothing new,',
  'left-out': 'did not run',
};
