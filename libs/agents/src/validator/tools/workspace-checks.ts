import { BatonError, describeError, type WorkspaceMade } from '@baton/contracts';
import { type Execution, readLeftFile, type SandboxLimits } from '@baton/sandbox';
import { type BlobStore, getFile, getTree, type Tree, textOf } from '@baton/workspace';
import type { Check, LookedAt, WorkspaceChecks } from '../../checks/check.js';
import { findChecks } from '../../checks/find-checks.js';
import { countTests, isWithoutTest } from '../../checks/findings/count-tests.js';
import { failureLines } from '../../checks/findings/finding-ids.js';
import { readFindings } from '../../checks/findings/read-findings.js';
import { TOOLS_FILE } from '../../checks/tools-file.js';
import type { ToolFinding, ToolResult } from '../../task/outputs.js';
import { failedEarly, leftOut, relativeTo, runTool, type ToolContext, toolResult } from './tool.js';

/** How a workspace is judged; null where neither it nor its files say. */
export type Judged =
  | { readonly ok: true; readonly found: WorkspaceChecks }
  | { readonly ok: false; readonly problem: string };

/** The same by the names of both versions. */
export const judgedIn = async ({ base, tree }: WorkspaceMade, store: BlobStore): Promise<Judged> =>
  judgedBy(await getTree(store, base), await getTree(store, tree), store);

/**
 * How a version of a workspace is judged. What says so is what the run began from: who is judged does not write it.
 *
 * @returns a problem where it says so in a way that cannot be read
 */
export async function judgedBy(base: Tree, tree: Tree, store: BlobStore): Promise<Judged> {
  try {
    return { ok: true, found: await findChecks(lookedAt(tree, store), lookedAt(base, store)) };
  } catch (thrown) {
    if (!(thrown instanceof BatonError) || thrown.code !== 'tools-file-broken') throw thrown;
    return { ok: false, problem: describeError(thrown) };
  }
}

function lookedAt(tree: Tree, store: BlobStore): LookedAt {
  const files = new Map(tree.map((file) => [file.path, file]));
  return {
    paths: [...files.keys()],
    text: async (path) => {
      const file = files.get(path);
      return file === undefined ? null : textOf(await getFile(store, file));
    },
  };
}

/** What cannot be read fails, and says where. */
export const unreadable = (problem: string): ToolResult => {
  const { findings, ...result } = failedEarly('tools-file', problem);
  return { ...result, findings: findings.map((finding) => ({ ...finding, file: TOOLS_FILE })) };
};

/**
 * Runs one of the checks of a workspace. What was not run did not pass: it says why.
 *
 * @param missing why what needs the set-up cannot be run; null where nothing is missing
 * @param args words of whoever runs it, which the check takes
 */
export async function runCheck(
  context: ToolContext,
  check: Check,
  missing: string | null,
  args: readonly string[] = [],
): Promise<ToolResult> {
  if (context.input.executionRefused !== null) return leftOut(check.name, context.input.executionRefused);
  if (check.needsSetUp && missing !== null) return leftOut(check.name, missing);
  const run = runTool(context, ['/bin/sh', '-c', withArguments(check.command, args), 'sh', ...args], limitsOf(check));
  const execution = await run.catch(whatIsInTheWay);
  if (typeof execution === 'string') return failedEarly(check.name, execution);
  const { exitCode } = execution.record;
  const findings =
    exitCode === 0 ? await withoutTests(context, check, execution) : await findingsOf(context, check, execution);
  const printed = `${execution.stdout}\n${execution.stderr}`;
  const reason = whyNotRun(check, exitCode, printed);
  const besides = SHARED_FORMATS.includes(check.findings.format) ? failureLines(printed) : [];
  const result = toolResult(context, check.name, execution, findings, { besides, isComplete: reason === null });
  return reason === null ? result : { ...result, couldRun: false, reason };
}

/** What the shell says where there is no such program, and where a file is none. */
const NO_PROGRAM: readonly number[] = [126, 127];

/** What did not run before anybody worked on it has found nothing then, and excuses nothing now. Null where it ran. */
function whyNotRun({ failsOn }: Check, exitCode: number | null, printed: string): string | null {
  if (exitCode === null || exitCode === 0 || failsOn?.includes(exitCode) === true) return null;
  if (NO_PROGRAM.includes(exitCode))
    return `Its exit code ${exitCode} says that it could not run, since a program is not there${wordOfIt(printed)}: install it on the machine of validator and programmer, or say in ${TOOLS_FILE} how the workspace is prepared.`;
  return failsOn === null ? null : `Its exit code ${exitCode} says that it could not run.`;
}

/** Which one: the line of the shell, or of whatever looked for it. */
function wordOfIt(printed: string): string {
  const line = printed.split('\n').findLast((text) => /not found|no such file|permission denied|cannot/i.test(text));
  return line === undefined ? '' : ` (${JSON.stringify(line.trim().slice(0, 200))})`;
}

/** In an output of such a form other words may stand that are no findings of it, and say something all the same. */
const SHARED_FORMATS: readonly string[] = ['lines', 'tsc'];

/** Words of others come to the command as they are, each as one: the shell reads none of them. */
const withArguments = (command: string, args: readonly string[]): string =>
  args.length === 0 || command.includes('"$@"') ? command : `${command} "$@"`;

/** An earlier check put something where the set-up's folders belong. */
function whatIsInTheWay(thrown: unknown): string {
  if (thrown instanceof BatonError && thrown.code === 'place-taken') return describeError(thrown);
  throw thrown;
}

/** What a check may take beyond the usual; a report of one piece is kept whole. */
const limitsOf = ({ timeoutMs, findings: { format } }: Check): Partial<SandboxLimits> => ({
  wallMs: timeoutMs,
  cpuSeconds: Math.ceil(timeoutMs / 1_000),
  ...(['sarif', 'eslint', 'ruff', 'junit'].includes(format) ? { keptOutputBytes: MOST_REPORT_BYTES } : {}),
});

/** Runners that find nothing to run end with 0. Where there was no test before, either, it is nothing new. */
async function withoutTests(
  context: ToolContext,
  { findings: { format, from } }: Check,
  { stdout, stderr }: Execution,
): Promise<readonly ToolFinding[]> {
  const printed = `${stdout}\n${stderr}`;
  const file =
    from === 'output' ? null : await readLeftFile(context.workspace.folder.work, from.file, MOST_REPORT_BYTES);
  const report = file === null ? stdout : typeof file === 'string' ? '' : file.toString('utf8');
  const contents = new Map(context.input.files.map(({ path, content }) => [path, content]));
  const isEmptyFile = (name: string): boolean => {
    const content = contents.get(relativeTo(context, name));
    return content !== undefined && isWithoutTest(content);
  };
  return countTests(format, report, printed, isEmptyFile) === 0 ? [{ file: null, line: null, message: NO_TEST }] : [];
}

const NO_TEST =
  'No test ran, and what was not run did not pass: the tests are gone, are all skipped, or are not where the command looks for them.';

async function findingsOf(
  context: ToolContext,
  { findings: { format, from } }: Check,
  { stdout, stderr }: Execution,
): Promise<readonly ToolFinding[]> {
  // What it says beside its report would make the report unreadable.
  if (from === 'output') return readFindings(format, stdout) ?? readFindings(format, `${stdout}\n${stderr}`) ?? [];
  const file = await readLeftFile(context.workspace.folder.work, from.file, MOST_REPORT_BYTES);
  return typeof file === 'string' ? [] : (readFindings(format, file.toString('utf8')) ?? []);
}

const MOST_REPORT_BYTES = 4 * 1024 * 1024;
