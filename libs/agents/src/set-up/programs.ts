import { realpathSync, statSync } from 'node:fs';
import { chmod, mkdir, open, stat, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { Program } from './program.js';
import { findToolchains } from './toolchains.js';

/*
 * The package managers of this machine, as commands can use them: they lie where the sandbox shows nothing, and are often
 * links and scripts that need what is beside them.
 */

const PROGRAMS = ['npm', 'npx', 'pnpm', 'yarn', 'uv'];

/** @param path as in the variable PATH */
export async function findPrograms(path: string): Promise<readonly Program[]> {
  const found: Program[] = [];
  for (const name of PROGRAMS) {
    const named = fileOf(name, path);
    if (named === null) continue;
    const file = realpathSync(named);
    const isScript = await isForNode(file);
    const { size, mtimeMs } = await stat(file);
    const place = { from: isScript ? packageAbove(file) : (packageOfNode(file) ?? file) };
    found.push({ name, file, place, isScript, identity: JSON.stringify([name, file, size, mtimeMs]) });
  }
  return [...found, ...(await findToolchains((name) => fileOf(name, path)))];
}

/** How files begin that the system itself runs, as some of these programs are in one version and scripts in another. */
const ELF = '\x7fELF';
const MACH_O = ['\xcf\xfa\xed\xfe', '\xca\xfe\xba\xbe'];
const ANOTHER_SHELL = /^#!.*\b(?:ba|da|z|k)?sh\b/;

async function isForNode(file: string): Promise<boolean> {
  const opened = await open(file);
  try {
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(128), 0, 128, 0);
    const begins = buffer.toString('latin1', 0, bytesRead);
    return !(begins.startsWith(ELF) || MACH_O.some((each) => begins.startsWith(each)) || ANOTHER_SHELL.test(begins));
  } finally {
    await opened.close();
  }
}

/** As it is named there, which may be a link. */
function fileOf(name: string, path: string): string | null {
  for (const folder of path.split(delimiter).filter((each) => each.startsWith('/'))) {
    try {
      const file = join(folder, name);
      if (statSync(file).isFile()) return file;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** The folder of the package that a script is of: it reads what lies beside it. */
function packageAbove(file: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = statSync(join(folder, 'package.json'), { throwIfNoEntry: false });
    if (manifest?.isFile() === true) return folder;
  }
  return dirname(file);
}

/** The same of what runs by itself and came as a package; null where it did not, since what lies beside it is anything then. */
const packageOfNode = (file: string): string | null =>
  /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? null;

/**
 * Writes a program for each into a folder that commands see.
 *
 * @param inside where a command finds a path of this machine
 */
export async function writePrograms(
  folder: string,
  programs: readonly Program[],
  inside: (path: string) => string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, file, isScript } of programs) {
    const path = join(folder, name);
    await writeFile(
      path,
      `#!/bin/sh\nexec ${isScript ? 'node ' : ''}'${inside(file).replaceAll("'", `'\\''`)}' "$@"\n`,
    );
    await chmod(path, 0o755);
  }
}
