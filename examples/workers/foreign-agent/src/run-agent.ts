import { chown, mkdir, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import {
  accountOfCommands,
  type Execution,
  openRunFolder,
  readLeftFile,
  type SandboxChoice,
  type SandboxLimits,
} from '@baton/sandbox';
import { type BlobStore, materialise, readBack, type Tree } from '@baton/workspace';
import { fillIn } from './command-line.ts';
import type { AgentSettings } from './env.ts';
import { MAX_REPORT_BYTES } from './report.ts';

/** How an agent ended, and what it left. */
export interface AgentRun {
  readonly execution: Execution;
  readonly tree: Tree;
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[];
  /** What it wrote to `{report}`; null where it wrote nothing. */
  readonly report: string | null;
}

export interface AgentPlace {
  readonly settings: AgentSettings;
  readonly choice: SandboxChoice;
  /** The folder in which each task gets its own. */
  readonly tmpDir: string;
  readonly store: BlobStore;
}

const limitsOf = ({ timeoutMs, memoryMb }: AgentSettings): SandboxLimits => ({
  wallMs: timeoutMs,
  cpuSeconds: Math.ceil(timeoutMs / 1000) * 4,
  memoryMb,
  processes: 1000,
  fileSizeMb: 512,
  outputBytes: 64 * 1024 * 1024,
  keptOutputBytes: 64 * 1024,
  diskMb: 2048,
  files: 200_000,
});

/** Where programs are found: those of the agent, the Node of this worker, those of the system. */
const pathOf = (settings: AgentSettings): readonly string[] => [
  ...settings.folders,
  dirname(process.execPath),
  '/usr/local/bin',
  '/usr/bin',
  '/bin',
];

/** What an agent is made of, to be seen also in the sandbox. */
export const placesOf = ({ folders, command: [program] }: AgentSettings): readonly { readonly from: string }[] =>
  [...new Set([...folders, dirname(process.execPath), ...(isAbsolute(program) ? [dirname(program)] : [])])].map(
    (from) => ({ from }),
  );

/**
 * Lets the agent work on a version in a fresh folder. Nothing of it lives when this comes back, and the folder is gone.
 *
 * @param promptOf the task, told where the report goes
 * @throws the reason of `signal`; BatonError `workspace-too-large`, `sandbox-failed`
 */
export async function runAgent(
  promptOf: (reportPath: string) => string,
  from: Tree,
  { settings, choice, tmpDir, store }: AgentPlace,
  signal: AbortSignal,
): Promise<AgentRun> {
  const folder = await openRunFolder(tmpDir, new Date());
  try {
    const stamps = await materialise(from, folder.work, store);
    const told = join(folder.tmp, 'report');
    await mkdir(told);
    const [account, view] = [
      accountOfCommands(),
      { folder, readOnly: placesOf(settings), writable: [{ from: told, at: '/report' }] },
    ];
    const inside = (path: string): string => choice.sandbox.inside(view, path);
    const report = inside(join(told, 'report.json'));
    const text = promptOf(report);
    await writeFile(join(folder.own, 'prompt.md'), text);
    if (account !== null) await chown(told, account.uid, account.gid);
    await folder.handOver();
    // The sandbox has names of its own for some folders of this machine.
    const [program, ...rest] = settings.command;
    const command = [inside(program), ...rest.map((word) => (isAbsolute(word) ? inside(word) : word))] as const;
    const argv = fillIn(command, {
      text,
      report,
      prompt: inside(join(folder.own, 'prompt.md')),
      workspace: inside(folder.work),
    });
    const env = { PATH: pathOf(settings).map(inside).join(':'), ...settings.passed };
    const execution = await choice.sandbox.run({ ...view, argv, env, limits: limitsOf(settings) }, signal);
    signal.throwIfAborted();
    const { tree, leftOut } = await readBack(folder.work, from, { store, stamps });
    const left = await readLeftFile(told, 'report.json', MAX_REPORT_BYTES);
    return { execution, tree, leftOut, report: typeof left === 'string' ? null : left.toString('utf8') };
  } finally {
    await folder.remove();
  }
}
