import { readdir, readFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname } from 'node:path';
import { expect } from 'vitest';
import { endingOf } from '../ending.js';
import { findSandbox } from '../find-sandbox.js';
import { openRunFolder, type RunFolder } from '../run-folder.js';
import type { Execution, PreparedFolder, ReadOnlyPlace, Sandbox, SandboxLimits } from '../sandbox.js';
import { LIMITS } from './limits.js';

export const NODE = process.execPath;
export const TOOLCHAIN = [{ from: dirname(NODE) }];

const choice = await findSandbox({
  setting: undefined,
  tmpDir: tmpdir(),
  hidden: [homedir()],
  toolchain: TOOLCHAIN,
  now: () => new Date(),
  newMark: () => `attack-${process.pid}-${Math.random()}`,
});

const isRequired = process.env.BATON_TEST_SANDBOX === 'required';
if (choice.sandbox.driver !== 'bwrap' && isRequired)
  throw new Error(`BATON_TEST_SANDBOX=required, but ${choice.summary}. ${choice.next}`);
if (choice.sandbox.driver !== 'bwrap') process.stderr.write(`Tests of the sandbox are skipped: ${choice.summary}.\n`);

export const hasSandbox = choice.sandbox.driver === 'bwrap';
export const sandbox: Sandbox = choice.sandbox;

/** For what would never end. */
export const SHORT = { wallMs: 1500 };

export interface Attack {
  readonly program?: 'sh' | 'perl' | 'node';
  readonly limits?: Partial<SandboxLimits>;
  /** Looks at what is left, before the folder is removed. */
  readonly after?: (folder: RunFolder) => Promise<void>;
  readonly signal?: AbortSignal;
  /** Beside the toolchain. */
  readonly readOnly?: readonly ReadOnlyPlace[];
  readonly prepared?: readonly PreparedFolder[];
  /** Fills the worktree before. */
  readonly before?: (folder: RunFolder) => Promise<void>;
}

const programs = { sh: ['/bin/bash', '-c'], perl: ['/usr/bin/perl', '-e'], node: [NODE, '-e'] } as const;

/**
 * Runs a program that means harm. Perl is on every Debian, and can call the kernel by number. A program says `ESCAPED` where
 * it came further than it may, and has to say `tried` at its end, so that one that never ran proves nothing.
 */
export async function attack(
  code: string,
  { program = 'sh', limits, before, after, signal, readOnly = [], prepared = [] }: Attack = {},
) {
  const folder = await openRunFolder(tmpdir(), new Date());
  try {
    await before?.(folder);
    await folder.handOver();
    const view = { folder, readOnly: [...TOOLCHAIN, ...readOnly], prepared };
    const [file, flag] = programs[program];
    const execution = await sandbox.run(
      { ...view, argv: [sandbox.inside(view, file), flag, code], limits: { ...LIMITS, ...limits } },
      signal ?? new AbortController().signal,
    );
    await after?.(folder);
    const text = `${execution.stdout}\n${execution.stderr}`;
    expect(text).not.toMatch(/ESCAPED|hunter2/);
    expectOneLine(execution);
    return { ...execution, text };
  } finally {
    await folder.remove();
    expect(await readdir(tmpdir())).not.toContain(basename(folder.root));
  }
}

/** What is told of it fits on a line, whatever it printed. */
function expectOneLine({ record }: Execution): void {
  const line = endingOf(record) ?? `exit code ${record.exitCode}`;
  expect(line).toMatch(/^[\x20-\x7e]{5,200}$/);
  expect(record.outputSha256).toMatch(/^[0-9a-f]{64}$/);
}

/** The processes of this machine, not only of a sandbox, that have this command line. */
export async function pidsLike(commandLine: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids.filter((_, index) => lines[index]?.replaceAll('\0', ' ').trim() === commandLine).map(Number);
}

export const processesLike = async (commandLine: string): Promise<number> => (await pidsLike(commandLine)).length;
