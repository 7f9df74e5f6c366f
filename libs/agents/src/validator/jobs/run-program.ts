import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { isNestedWithin, type Json } from '@baton/contracts';
import { endingOf, readLeftFile } from '@baton/sandbox';
import { getTree, type Tree, textOf } from '@baton/workspace';
import type { DeliverableFile } from '../../task/file-set.js';
import type { JobArguments, JobReport } from '../../task/job-arguments.js';
import { storeFiles } from '../../workbench/store-files.js';
import { onCopy } from '../tools/on-copy.js';
import { executionRefusal, type ToolSettings } from '../tools/run-tools.js';
import { inside, runTool, type ToolContext } from '../tools/tool.js';
import { judgedBy } from '../tools/workspace-checks.js';

const MOST_OUTPUT_BYTES = 1024 * 1024;
const MOST_PRINTED = 1_000;

/** Runs a program of the files in the sandbox, and reads what it wrote. What was not run, or wrote nothing, did not pass. */
export async function runProgram(args: JobArguments, settings: ToolSettings, signal: AbortSignal): Promise<JobReport> {
  const { job, language, files, data, workspace, writtenBy } = args;
  const choice = await settings.sandbox();
  // What lies beside a program can be run with it.
  const authors = workspace == null ? writtenBy : `${writtenBy} and input`;
  const code = { tools: true, language, files, testCommand: '', writtenBy: authors } as const;
  const refused = await executionRefusal(code, choice, settings);
  if (refused !== null) return notRun(refused);
  if (!files.some(({ path }) => path === job.program)) return notRun(`There is no ${job.program} among the files.`);
  const over = [...files, ...data];
  const input = { language, files: over, testCommand: '', executionRefused: null, knownFailures: [] };
  const tree = workspace == null ? null : await getTree(settings.blobs, workspace.tree);
  const taken = over.find(({ path }) => tree !== null && isInTheWay(path, tree));
  if (taken !== undefined) return notRun(`The workspace has something else in the place of ${taken.path}.`);
  const judged = tree === null ? null : await judgedBy(tree, tree, settings.blobs);
  if (judged?.ok === false) return notRun(judged.problem);
  const work = { input, tree, found: judged?.found ?? null, ...(tree === null ? {} : { over }) };
  return onCopy(work, settings, signal, async (context, equipment) => {
    const { missing, record: setUp } = equipment;
    if (missing !== null) return notRun(equipment.result?.findings[0]?.message ?? missing, setUp);
    const interpreter = language === 'python' ? await pythonIn(context) : inside(context, context.node);
    if (interpreter === null) return notRun('There is no Python here to run it: install python3.', setUp);
    const execution = await runTool(context, [interpreter, job.program, ...job.arguments], {
      wallMs: job.timeoutSeconds * 1_000,
      cpuSeconds: job.timeoutSeconds,
    });
    const { record } = execution;
    const base = { exitCode: record.exitCode, execution: record, setUp, warning: choice.warning };
    const ending = endingOf(record) ?? (record.exitCode === 0 ? null : `it ended with exit code ${record.exitCode}`);
    if (ending !== null) {
      const printed = `${execution.stdout}\n${execution.stderr}`.trim().slice(-MOST_PRINTED);
      return { ...base, ...NOTHING, reason: `${job.program} failed: ${ending}. ${printed}`.trim() };
    }
    const left = await readOutputs(context.workspace.folder.work, job.writes);
    if (!left.ok) return { ...base, ...NOTHING, reason: `${job.program} left ${left.problem}.` };
    const { outputs, written } = left;
    const others = files.filter(({ path }) => !job.writes.includes(path));
    const made = await storeFiles([...others, ...written], settings.blobs);
    return { ...base, passed: true, reason: null, outputs, files: written, tree: made };
  });
}

/** The Python that the set-up made, which has its packages; else that of the machine. */
async function pythonIn(context: ToolContext): Promise<string | null> {
  for (const { from, over } of context.prepared) {
    const program = await lstat(join(from, 'bin/python3')).catch(() => null);
    if (program !== null) return join(inside(context, context.workspace.folder.work), over, 'bin/python3');
  }
  return context.python === null ? null : inside(context, context.python);
}

/** A file cannot be laid where a folder is, nor below a file. */
const isInTheWay = (path: string, tree: Tree): boolean =>
  tree.some((file) => file.path.startsWith(`${path}/`) || path.startsWith(`${file.path}/`));

type Left =
  | { readonly ok: true; readonly outputs: Record<string, Json>; readonly written: DeliverableFile[] }
  | { readonly ok: false; readonly problem: string };

async function readOutputs(folder: string, paths: readonly string[]): Promise<Left> {
  const outputs: Record<string, Json> = {};
  const written: DeliverableFile[] = [];
  for (const path of paths) {
    const left = await readLeftFile(folder, path, MOST_OUTPUT_BYTES);
    const content = typeof left === 'string' ? null : textOf(left);
    const value = content === null ? undefined : jsonOf(content);
    if (content === null || value === undefined)
      return { ok: false, problem: `no ${path} that is JSON: ${typeof left === 'string' ? left : 'its text is none'}` };
    outputs[path] = value;
    written.push({ path, content });
  }
  return { ok: true, outputs, written };
}

const NOTHING = { passed: false, outputs: {}, files: [] as DeliverableFile[], tree: null };

const notRun = (reason: string, setUp: JobReport['setUp'] = null): JobReport => ({
  ...NOTHING,
  ...{ exitCode: null, execution: null, setUp, warning: null },
  reason: `It did not run. ${reason}`,
});

/** Undefined where it is no JSON, or is nested more deeply than can be kept. */
function jsonOf(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return isNestedWithin(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
