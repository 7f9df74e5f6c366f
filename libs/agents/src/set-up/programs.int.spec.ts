import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { findPrograms, writePrograms } from './programs.js';

const run = promisify(execFile);

async function aFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'baton-programs-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function anExecutable(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  await chmod(file, 0o755);
}

it('runs a package manager by itself or by Node, as its file is, whatever its name', async () => {
  const folder = await aFolder();
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  // Of a package, a program of the system; a script without an extension; a script of the shell.
  const binary = join(folder, 'node_modules/pnpm/pnpm');
  await mkdir(dirname(binary), { recursive: true });
  await copyFile('/bin/echo', binary);
  await symlink(binary, join(bin, 'pnpm'));
  await anExecutable(join(folder, 'yarn/lib/yarn'), '#!/usr/bin/env node\nconsole.log("node", process.argv[2]);\n');
  await writeFile(join(folder, 'yarn/package.json'), '{}');
  await symlink(join(folder, 'yarn/lib/yarn'), join(bin, 'yarn'));
  await anExecutable(join(bin, 'npm'), '#!/bin/sh\necho shell "$1"\n');
  const found = await findPrograms(bin);
  expect(found.map(({ name, isScript, place }) => [name, isScript, place.from])).toEqual([
    ['npm', false, join(bin, 'npm')],
    ['pnpm', false, join(folder, 'node_modules/pnpm')],
    ['yarn', true, join(folder, 'yarn')],
  ]);
  const written = join(folder, 'written');
  await writePrograms(written, found, (path) => path);
  const said = await Promise.all(found.map(({ name }) => run(join(written, name), ['said'])));
  expect(said.map(({ stdout }) => stdout.trim())).toEqual(['shell said', 'said', 'node said']);
});

it('finds a compiler where its launcher says that it is, with the programs beside it', async () => {
  const folder = await aFolder();
  const bin = join(folder, 'home/bin');
  const root = join(folder, 'toolchains/stable');
  await anExecutable(join(bin, 'rustup'), `#!/bin/sh\n[ "$(basename "$0")" = rustc ] && echo ${root}\n`);
  await symlink('rustup', join(bin, 'rustc'));
  await anExecutable(join(root, 'bin/rustc'), '#!/bin/sh\necho compiled "$1"\n');
  await anExecutable(join(root, 'bin/cargo'), '#!/bin/sh\nexec rustc by-cargo\n');
  await anExecutable(join(bin, 'go'), '#!/bin/sh\necho /nowhere\n');
  const found = await findPrograms(bin);
  expect(found.map(({ name, place }) => [name, place.from])).toEqual([
    ['cargo', root],
    ['rustc', root],
  ]);
  const written = join(folder, 'written');
  await writePrograms(written, found, (path) => path);
  const { stdout } = await run(join(written, 'cargo'), [], { env: { PATH: `${written}:/usr/bin:/bin` } });
  expect(stdout.trim()).toBe('compiled by-cargo');
});
