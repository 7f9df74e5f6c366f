import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Program } from './program.js';

/*
 * Compilers that bring a folder of their own: Rust as rustup installs it, in a home that the sandbox does not show, and Go as
 * its archive does, beside the PATH of commands. They are asked themselves where it is: what lies on the PATH may be no more
 * than a launcher, that would look for it in a home that is not there.
 */

interface Toolchain {
  /** The program that is asked, and how. */
  readonly asks: readonly [name: string, ...args: string[]];
  readonly programs: readonly string[];
}

const TOOLCHAINS: readonly Toolchain[] = [
  {
    asks: ['rustc', '--print', 'sysroot'],
    programs: ['cargo', 'rustc', 'rustdoc', 'rustfmt', 'cargo-fmt', 'cargo-clippy', 'clippy-driver'],
  },
  { asks: ['go', 'env', 'GOROOT'], programs: ['go', 'gofmt'] },
];

/** @param fileOf where a program lies on the PATH, as it is named there; null where it does not */
export async function findToolchains(fileOf: (name: string) => string | null): Promise<readonly Program[]> {
  const found = await Promise.all(TOOLCHAINS.map((toolchain) => programsOf(toolchain, fileOf)));
  return found.flat();
}

async function programsOf(
  { asks: [name, ...args], programs }: Toolchain,
  fileOf: (name: string) => string | null,
): Promise<readonly Program[]> {
  const launcher = fileOf(name);
  // A package of the system: every command finds it as it is.
  if (launcher === null || dirname(launcher) === '/usr/bin') return [];
  const root = await said(launcher, args);
  if (!root.startsWith('/') || !existsSync(join(root, 'bin', name))) return [];
  const place = { from: root };
  return programs.flatMap((each) => {
    const file = join(root, 'bin', each);
    const entry = statSync(file, { throwIfNoEntry: false });
    if (entry?.isFile() !== true) return [];
    const { size, mtimeMs } = entry;
    return [{ name: each, file, place, isScript: false, identity: JSON.stringify([each, file, size, mtimeMs]) }];
  });
}

/** What a program prints; nothing where it does not work. */
async function said(file: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(file, args, { timeout: 10_000 });
    return stdout.trim();
  } catch {
    return '';
  }
}
