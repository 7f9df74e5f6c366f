import { isNestedWithin, type Json } from '@baton/contracts';
import { endingOf, readLeftFile } from '@baton/sandbox';
import { textOf } from '@baton/workspace';
import type { DeliverableFile } from '../../task/file-set.js';
import type { JobArguments, JobReport } from '../../task/job-arguments.js';
import { storeFiles } from '../../workbench/store-files.js';
import { onCopy } from '../tools/on-copy.js';
import { executionRefusal, type ToolSettings } from '../tools/run-tools.js';
import { inside, runTool } from '../tools/tool.js';

const MOST_OUTPUT_BYTES = 1024 * 1024;
const MOST_PRINTED = 1_000;

/** Runs a program of the files in the sandbox, and reads what it wrote. What was not run, or wrote nothing, did not pass. */
export async function runProgram(args: JobArguments, settings: ToolSettings, signal: AbortSignal): Promise<JobReport> {
  const { job, language, files, data, writtenBy } = args;
  const choice = await settings.sandbox();
  const code = { tools: true, language, files, testCommand: '', writtenBy } as const;
  const refused = await executionRefusal(code, choice, settings);
  if (refused !== null) return notRun(refused);
  if (!files.some(({ path }) => path === job.program)) return notRun(`There is no ${job.program} among the files.`);
  const input = { language, files: [...files, ...data], testCommand: '', executionRefused: null, knownFailures: [] };
  return onCopy({ input, tree: null, found: null }, settings, signal, async (context) => {
    const interpreter = language === 'python' ? context.python : context.node;
    if (interpreter === null) return notRun('There is no Python here to run it: install python3.');
    const execution = await runTool(context, [inside(context, interpreter), job.program, ...job.arguments], {
      wallMs: job.timeoutSeconds * 1_000,
      cpuSeconds: job.timeoutSeconds,
    });
    const { record } = execution;
    const base = { exitCode: record.exitCode, execution: record, warning: choice.warning };
    const ending = endingOf(record) ?? (record.exitCode === 0 ? null : `it ended with exit code ${record.exitCode}`);
    if (ending !== null) {
      const printed = `${execution.stdout}\n${execution.stderr}`.trim().slice(-MOST_PRINTED);
      return { ...base, ...NOTHING, reason: `${job.program} failed: ${ending}. ${printed}`.trim() };
    }
    const left = await readOutputs(context.workspace.folder.work, job.writes);
    if (!left.ok) return { ...base, ...NOTHING, reason: `${job.program} left ${left.problem}.` };
    const { outputs, written } = left;
    const others = files.filter(({ path }) => !job.writes.includes(path));
    const tree = await storeFiles([...others, ...written], settings.blobs);
    return { ...base, passed: true, reason: null, outputs, files: written, tree };
  });
}

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

const notRun = (reason: string): JobReport => ({
  ...NOTHING,
  ...{ exitCode: null, execution: null, warning: null },
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
