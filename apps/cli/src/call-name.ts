import { accessSync, constants, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join, relative, resolve, sep } from 'node:path';
import { shellWord } from './shell-word.js';

/** Where the user stands, and how they called. */
export interface Caller {
  readonly root: string;
  readonly home: string;
  readonly workingDirectory: string;
  readonly path: string;
  /** `npm_lifecycle_event`, which npm sets for what it runs. */
  readonly npmScript: string | undefined;
}

const isWithin = (folder: string, root: string): boolean => folder === root || folder.startsWith(root + sep);

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether the file is this checkout's command, or a shim that `baton up` wrote for it. */
function isOurs(file: string, root: string): boolean {
  try {
    const target = realpathSync(file);
    return isWithin(target, root) || readFileSync(target, 'utf8').slice(0, 4_096).includes(join(root, 'apps/cli/'));
  } catch {
    return false;
  }
}

/** npm puts the commands of the checkout on the PATH of what it runs; the user's shell does not have them. */
function isOnPath({ path, root }: Caller): boolean {
  const folders = path.split(delimiter).filter((folder) => folder !== '' && !/[/\\]node_modules([/\\]|$)/.test(folder));
  const first = folders.map((folder) => join(folder, 'baton')).find(isExecutable);
  return first !== undefined && isOurs(first, root);
}

/** The package that has all of Baton in it (`npm run pack`), and its command. */
const PACKAGE = 'baton-run';
export const isInstalledPackage = (root: string): boolean => /[/\\]node_modules[/\\]/.test(root);

/** A file as it is typed from a folder. */
function typed(file: string, workingDirectory: string): string {
  const near = relative(workingDirectory, file);
  return shellWord(near.startsWith('..') ? file : `.${sep}${near}`);
}

/** Never by npx: the package is on no registry, where its name may become that of somebody else. */
function installedCommand(root: string, workingDirectory: string): string {
  const linked = join(dirname(root), '.bin', PACKAGE);
  return typed(isExecutable(linked) ? linked : join(root, 'apps/cli/bin/baton.js'), workingDirectory);
}

/**
 * What to type for this command where the user stands: `baton` where that is on their PATH, else the script of the checkout
 * where they came by it, else the shim that `baton up` writes. Never by npx, which
 * offers a package of somebody else as soon as the user stands elsewhere.
 */
export function callNameOf(caller: Caller): string {
  const { root, home, workingDirectory, npmScript } = caller;
  if (isOnPath(caller)) return 'baton';
  const isInside = isWithin(workingDirectory, root);
  if (npmScript === 'baton') return 'npm run baton --';
  const shim = join(home, 'bin/baton');
  if (!isExecutable(shim) && isInstalledPackage(root)) return installedCommand(root, workingDirectory);
  if (!isExecutable(shim)) return isInside ? 'npm run baton --' : shellWord(join(root, 'apps/cli/bin/baton.js'));
  return typed(shim, workingDirectory);
}

/** What starts the stack. */
const START = isInstalledPackage(import.meta.dirname)
  ? installedCommand(resolve(import.meta.dirname, '../../..'), process.cwd())
  : 'npm start';

/** A text of ours with its hints in the words that the user can type. */
export function asCalled(text: string, callName: string, start = START): string {
  const started = start === 'npm start' ? text : text.replaceAll('npm start', start);
  return callName === 'baton' ? started : started.replaceAll(/(`|\$ )baton (?=[a-z-])/g, `$1${callName} `);
}
