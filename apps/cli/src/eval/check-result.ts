import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Json } from '@baton/contracts';
import { endingOf, openRunFolder, type SandboxChoice, type SandboxLimits } from '@baton/sandbox';
import { checkValue } from '@baton/threads';
import { checkPaths, type DeliverableFile, deliverableOf } from '../deliverable.js';
import type { LoadedCheck } from './eval-set.js';

const LIMITS: Omit<SandboxLimits, 'wallMs' | 'cpuSeconds'> = {
  memoryMb: 2_048,
  processes: 128,
  fileSizeMb: 64,
  outputBytes: 4 * 1024 * 1024,
  keptOutputBytes: 64 * 1024,
  diskMb: 256,
  files: 10_000,
};

/** What a result failed on, one sentence for each check that does not hold. */
export async function failuresOf(
  output: Json,
  checks: readonly LoadedCheck[],
  choice: SandboxChoice,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const files = deliverableOf(output)?.files ?? [];
  const failures: string[] = [];
  for (const check of checks) {
    const failure = 'command' in check ? await runCommand(check, files, choice, signal) : lookAt(check, files, output);
    if (failure !== null) failures.push(failure);
  }
  return failures;
}

type LookedAt = Exclude<LoadedCheck, { readonly command: unknown }>;

function lookAt(check: LookedAt, files: readonly DeliverableFile[], output: Json): string | null {
  if ('schema' in check) {
    const part = partOf(output, check.of);
    const where = check.of === '' ? 'the output' : check.of;
    if (part === undefined) return `the output has no ${check.of}`;
    const [wrong] = checkValue(JSON.stringify(check.schema), part);
    return wrong === undefined ? null : `${where}${wrong.pointer} ${wrong.detail}`;
  }
  const file = files.find(({ path }) => path === check.file);
  if (check.absent === true) return file === undefined ? null : `there is a file ${check.file}`;
  if (file === undefined) return `there is no file ${check.file}`;
  if (check.matches === undefined || new RegExp(check.matches, 'mu').test(file.content)) return null;
  return `${check.file} does not match ${check.matches}`;
}

/** RFC 6901. */
function partOf(value: Json, pointer: string): Json | undefined {
  let part: Json | undefined = value;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, name)) return undefined;
    part = Object.entries(part).find(([key]) => key === name)?.[1];
  }
  return part;
}

type CommandCheck = Extract<LoadedCheck, { readonly command: unknown }>;

/** A model wrote the files, so nothing of them is executed but in the sandbox, or where the user said that it may be without. */
async function runCommand(
  check: CommandCheck,
  files: readonly DeliverableFile[],
  choice: SandboxChoice,
  signal: AbortSignal,
): Promise<string | null> {
  const { command, exitCode, stdout, timeoutSeconds } = check;
  const said = command.join(' ');
  if (choice.executes !== 'anything') return `${said} was not executed: ${choice.summary}`;
  if (files.length === 0) return `there are no files to run ${said} in`;
  try {
    checkPaths(files);
  } catch {
    return 'the result has a file that would not stay inside its folder';
  }
  const folder = await openRunFolder(tmpdir(), new Date());
  try {
    for (const { path, content } of [...files, ...check.files]) {
      await mkdir(dirname(join(folder.work, path)), { recursive: true });
      await writeFile(join(folder.work, path), content);
    }
    await folder.handOver();
    const view = { folder, readOnly: [{ from: dirname(process.execPath) }] };
    const { sandbox } = choice;
    const [program, ...args] = command;
    const node = sandbox.inside(view, process.execPath);
    const execution = await sandbox.run(
      {
        ...view,
        argv: [program === 'node' ? node : program, ...args],
        env: { PATH: `${dirname(node)}:/usr/local/bin:/usr/bin:/bin` },
        limits: { ...LIMITS, wallMs: timeoutSeconds * 1000, cpuSeconds: Math.ceil(timeoutSeconds) },
      },
      signal,
    );
    const { record } = execution;
    if (record.stopped !== null || record.exitCode !== exitCode) {
      const printed = `${execution.stdout}\n${execution.stderr}`.trim().slice(-500);
      return `${said}: ${endingOf(record) ?? `it ended with ${record.exitCode}`}; ${printed}`;
    }
    const holds = stdout === undefined || new RegExp(stdout, 'mu').test(execution.stdout);
    return holds ? null : `${said}: what it printed does not match ${stdout}`;
  } finally {
    await folder.remove();
  }
}
