import { BatonError } from '@baton/contracts';
import { type GitSettings, gitFailed, gitOutput, isWithoutGit, nulSeparated, runGit } from './run-git.js';

/** A folder within a git repository. */
export interface Repository {
  readonly folder: string;
  readonly settings: GitSettings;
  /** Of the folder below the root of the repository: empty, or `a/b/`. */
  readonly prefix: string;
  /** Whether there are files beside the history; a bare repository has none. */
  readonly hasWorkingTree: boolean;
}

/**
 * The repository that a folder lies in; null where it lies in none, or in a part of one that it ignores.
 *
 * @throws BatonError `no-git`; `repository-not-trusted` where it is another user's; `git-failed`
 */
export async function findRepository(folder: string, settings: GitSettings): Promise<Repository | null> {
  const call = { ...settings, folder };
  const args = ['rev-parse', '--is-inside-work-tree', '--show-prefix'];
  const { exitCode, stdout, stderr } = await runGit({ ...call, args });
  if (exitCode !== 0) {
    if (/not a git repository/i.test(stderr)) return null;
    if (/dubious ownership/i.test(stderr)) throw notTrusted(folder);
    throw gitFailed('rev-parse', stderr);
  }
  const [inside = '', prefix = ''] = stdout.toString('utf8').split('\n');
  const hasWorkingTree = inside === 'true';
  const withoutHooks = { ...settings, hooksOff: await hooksInSettings(folder, settings) };
  if (prefix !== '' && (await runGit({ ...call, args: ['check-ignore', '-q', '.'] })).exitCode === 0) return null;
  return { folder, settings: withoutHooks, prefix, hasWorkingTree };
}

/** The names of hooks that stand in settings, which git runs beside those of a folder from 2.54 on. */
async function hooksInSettings(folder: string, settings: GitSettings): Promise<readonly string[]> {
  const args = ['config', '--null', '--name-only', '--get-regexp', '^hook\\.'];
  const { stdout } = await runGit({ ...settings, folder, args });
  const names = nulSeparated(stdout).flatMap((key) => /^hook\.(.+)\.[a-z]+$/is.exec(key ?? '')?.[1] ?? []);
  return [...new Set(names)];
}

/** As `findRepository`, where a machine without git is one without repositories. */
export const findRepositoryIfAny = (folder: string, settings: GitSettings): Promise<Repository | null | 'no-git'> =>
  findRepository(folder, settings).catch((thrown: unknown) => {
    if (isWithoutGit(thrown)) return 'no-git' as const;
    throw thrown;
  });

/** The id of the commit that a name stands for, or null. */
export async function commitOf({ folder, settings }: Repository, ref: string): Promise<string | null> {
  if (ref === '' || ref.startsWith('-') || ref.includes('\0')) return null;
  const args = ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`];
  const { exitCode, stdout } = await runGit({ ...settings, folder, args });
  return exitCode === 0 ? stdout.toString('utf8').trim() : null;
}

export const output = ({ folder, settings }: Repository, args: readonly string[]): Promise<Buffer> =>
  gitOutput({ ...settings, folder, args });

const notTrusted = (folder: string): BatonError =>
  new BatonError(`The folder ${folder} is a git repository of another user, which git does not open.`, {
    code: 'repository-not-trusted',
    next: `Where you trust it, say \`git config --global --add safe.directory ${folder}\`.`,
  });
