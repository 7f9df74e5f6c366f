import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReadOnlyPlace } from '@baton/sandbox';
import { findPython } from './find-python.js';

/*
 * What the tools are made of, on this machine. All of it has to be seen by a child that is shown little else.
 */

const require = createRequire(import.meta.url);

/** The scripts run by themselves, so Node must load them as they lie there: `.ts` from the sources, `.js` when built. */
export const childScript = (name: string): string =>
  fileURLToPath(new URL(`./children/${name}${extname(fileURLToPath(import.meta.url))}`, import.meta.url));

export const compilerProgram = (): string => join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');

export const nodeTypes = (): string => dirname(require.resolve('@types/node/package.json'));

/** What the compiler may read beside the deliverable: installed packages, its own library and the types of Node among them. */
export const packageFolders = (): readonly string[] =>
  [...new Set([installedIn(compilerProgram()), installedIn(nodeTypes())])].map((path) => realpathSync(path));

/** The folder that a package is installed in, with all that it may need beside it. */
const installedIn = (file: string): string =>
  file.slice(0, file.lastIndexOf('/node_modules/') + '/node_modules'.length);

/** All of it, as what commands may read. */
export async function findToolchain(): Promise<readonly ReadOnlyPlace[]> {
  const python = await findPython();
  const paths = [
    dirname(process.execPath),
    dirname(childScript('run-node-tests')),
    installedIn(compilerProgram()),
    installedIn(nodeTypes()),
    // The folder above `bin`: its library lies beside it.
    ...(python === null ? [] : [dirname(dirname(python))]),
  ];
  return [...new Set(paths)].map((from) => ({ from }));
}
