import { accessSync, constants, readFileSync, realpathSync } from 'node:fs';
import { delimiter, join, relative, sep } from 'node:path';
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

/**
 * What to type for this command where the user stands: `baton` where that is on their PATH, else the script of the checkout
 * where they came by it, else the shim that `baton up` writes. By npx only what npx installed:
 * from a checkout it offers a package of somebody else as soon as the user stands elsewhere.
 */
export function callNameOf(caller: Caller): string {
  const { root, home, workingDirectory, npmScript } = caller;
  if (isOnPath(caller)) return 'baton';
  const isInside = isWithin(workingDirectory, root);
  if (npmScript === 'baton') return 'npm run baton --';
  const shim = join(home, 'bin/baton');
  if (!isExecutable(shim) && isInstalledPackage(root)) return `npx ${PACKAGE}`;
  if (!isExecutable(shim)) return isInside ? 'npm run baton --' : shellWord(join(root, 'apps/cli/bin/baton.js'));
  const near = relative(workingDirectory, shim);
  return shellWord(near.startsWith('..') ? shim : `.${sep}${near}`);
}

/** What starts the stack. */
const START = isInstalledPackage(import.meta.dirname) ? `npx ${PACKAGE}` : 'npm start';

/** A text of ours with its hints in the words that the user can type. */
export function asCalled(text: string, callName: string, start = START): string {
  const started = start === 'npm start' ? text : text.replaceAll('npm start', start);
  return callName === 'baton' ? started : started.replaceAll(/(`|\$ )baton (?=[a-z-])/g, `$1${callName} `);
}
