import { BatonError } from '@baton/contracts';
import { readLeftFile } from '@baton/sandbox';
import { type BlobStore, getFile, type Tree } from '@baton/workspace';
import type { Check, WorkspaceChecks } from '../../checks/check.js';
import { findChecks } from '../../checks/find-checks.js';
import { readFindings } from '../../checks/findings/read-findings.js';
import { TOOLS_FILE } from '../../checks/tools-file.js';
import type { ToolFinding, ToolResult } from '../../task/outputs.js';
import { textOf } from '../../workbench/text-of.js';
import { failedEarly, inside, leftOut, runTool, type ToolContext, toolResult } from './tool.js';

/** How a workspace is judged; null where neither it nor its files say. */
export type Judged =
  | { readonly ok: true; readonly found: WorkspaceChecks }
  | { readonly ok: false; readonly problem: string };

/** How a version of a workspace is judged. @returns a problem where it says so in a way that cannot be read */
export async function judgedBy(tree: Tree, store: BlobStore): Promise<Judged> {
  const files = new Map(tree.map((file) => [file.path, file]));
  const text = async (path: string): Promise<string | null> => {
    const file = files.get(path);
    return file === undefined ? null : textOf(await getFile(store, file));
  };
  try {
    return { ok: true, found: await findChecks({ paths: [...files.keys()], text }) };
  } catch (thrown) {
    if (!(thrown instanceof BatonError) || thrown.code !== 'tools-file-broken') throw thrown;
    return { ok: false, problem: `${thrown.message} ${thrown.next ?? ''}`.trim() };
  }
}

/** What cannot be read fails, and says where. */
export const unreadable = (problem: string): ToolResult => {
  const { findings, ...result } = failedEarly('tools-file', problem);
  return { ...result, findings: findings.map((finding) => ({ ...finding, file: TOOLS_FILE })) };
};

/** Runs one of the checks of a workspace. What was not run did not pass: it says why. */
export async function runCheck(context: ToolContext, found: WorkspaceChecks, check: Check): Promise<ToolResult> {
  if (context.input.executionRefused !== null) return leftOut(check.name, context.input.executionRefused);
  if (found.setUp !== null) return leftOut(check.name, notSetUp(found.setUp.command));
  const execution = await runTool(
    context,
    ['/bin/sh', '-c', check.command],
    { wallMs: check.timeoutMs },
    pathIn(context),
  );
  const { exitCode } = execution.record;
  const couldNotRun =
    exitCode !== null && exitCode !== 0 && check.failsOn !== null && !check.failsOn.includes(exitCode);
  const findings = exitCode === 0 ? [] : await findingsOf(context, check, `${execution.stdout}\n${execution.stderr}`);
  const result = toolResult(context, check.name, execution, findings);
  return couldNotRun ? { ...result, reason: `Its exit code ${exitCode} says that it could not run.` } : result;
}

const notSetUp = (command: string): string =>
  `The workspace needs \`${command}\` first, and nothing in the sandbox reaches the network. Put what it needs into the workspace, or say in ${TOOLS_FILE} how it is judged without.`;

/** Programs of the workspace come first, as a package manager would have it. */
const pathIn = (context: ToolContext): string => `${inside(context, context.workspace.folder.work)}/node_modules/.bin`;

async function findingsOf(context: ToolContext, check: Check, printed: string): Promise<readonly ToolFinding[]> {
  const { format, from } = check.findings;
  if (from === 'output') return readFindings(format, printed) ?? [];
  const file = await readLeftFile(context.workspace.folder.work, from.file, MOST_REPORT_BYTES);
  return typeof file === 'string' ? [] : (readFindings(format, file.toString('utf8')) ?? []);
}

const MOST_REPORT_BYTES = 4 * 1024 * 1024;
