import { spawn } from 'node:child_process';
import { BatonError, toError } from '@baton/contracts';

/** Which git is run, and for whom. */
export interface GitSettings {
  /** Folders in which `git` is looked for, as in PATH. */
  readonly searchPath?: string | undefined;
  /** The home of the user whose own settings hold: what they ignore everywhere, which folders they trust. Without it none do. */
  readonly home?: string | undefined;
  /** Hooks by the names that they have in the settings of the repository, which are not to be run. */
  readonly hooksOff?: readonly string[];
}

export interface GitCall extends GitSettings {
  readonly args: readonly string[];
  readonly folder: string;
  readonly input?: string | Buffer;
  readonly variables?: Readonly<Record<string, string>>;
}

export interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const USUAL_PATH = '/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin';
/** 20,000 paths of 4,096 bytes and what stands beside each. */
const MAX_OUTPUT_BYTES = 128 * 1024 * 1024;

/*
 * A repository can name programs for git to run: hooks, a file system monitor, filters, a pager, helpers for passwords and
 * transports. What stands here keeps all of them out of the commands that are used: none of those reads or writes the working
 * tree by git's own hand (no status, diff, checkout or add), which is where filters and text conversions run.
 */
const HARMLESS = [
  ['core.fsmonitor', 'false'],
  ['core.hooksPath', '/dev/null'],
  ['core.splitIndex', 'false'],
  ['core.untrackedCache', 'false'],
  ['core.preloadIndex', 'false'],
  ['index.sparse', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['credential.helper', ''],
  ['core.pager', 'cat'],
].flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** As variables and not as arguments: a name may hold anything, an equals sign as well. */
function withoutHooks(names: readonly string[]): Readonly<Record<string, string>> {
  const numbered = names.flatMap((name, index) => [
    [`GIT_CONFIG_KEY_${index}`, `hook.${name}.enabled`],
    [`GIT_CONFIG_VALUE_${index}`, 'false'],
  ]);
  return { GIT_CONFIG_COUNT: `${names.length}`, ...Object.fromEntries(numbered) };
}

function variablesOf({
  searchPath,
  home,
  hooksOff = [],
  variables,
}: Omit<GitCall, 'args' | 'folder'>): Record<string, string> {
  return {
    PATH: searchPath ?? USUAL_PATH,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    // A clone that lacks objects would fetch them, by whatever program its settings name.
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_REPLACE_OBJECTS: '1',
    ...withoutHooks(hooksOff),
    ...(home === undefined ? { GIT_CONFIG_GLOBAL: '/dev/null' } : { HOME: home }),
    ...variables,
  };
}

/** A git process with its ends open. The caller listens for `error`: where there is no git, that is `ENOENT`. */
export const startGit = ({ args, folder, ...settings }: Omit<GitCall, 'input'>) =>
  spawn('git', [...HARMLESS, ...args], { cwd: folder, env: variablesOf(settings), stdio: ['pipe', 'pipe', 'pipe'] });

/**
 * Runs git to its end, whatever its exit code is.
 *
 * @throws BatonError `no-git`; `git-output-too-large`
 */
export function runGit({ input, ...call }: GitCall): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    const child = startGit(call);
    const chunks: Buffer[] = [];
    let size = 0;
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_OUTPUT_BYTES) chunks.push(chunk);
      else child.kill('SIGKILL');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (stderr.length < 64_000) stderr += chunk.toString('utf8');
    });
    child.once('error', (error) => reject(withoutGit(error)));
    child.once('close', (code) => {
      if (size > MAX_OUTPUT_BYTES) reject(tooMuch());
      else resolve({ exitCode: code ?? 1, stdout: Buffer.concat(chunks), stderr });
    });
    // Who ends early closes the pipe; its exit code says what was wrong.
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
  });
}

/** The output of a git that has to succeed. @throws BatonError as `runGit`, and `git-failed` with what git said */
export async function gitOutput(call: GitCall): Promise<Buffer> {
  const { exitCode, stdout, stderr } = await runGit(call);
  if (exitCode === 0) return stdout;
  throw gitFailed(call.args[0] ?? '', stderr);
}

export const gitFailed = (what: string, stderr: string): BatonError =>
  new BatonError(`git ${what} failed: ${lastWords(stderr)}`, {
    code: 'git-failed',
    next: 'Try the same with git itself in that folder.',
  });

const lastWords = (stderr: string): string => {
  const line = stderr.trim().split('\n').at(-1) ?? '';
  return `${line.replace(/^(fatal|error): /, '') || 'it gave no reason'}${/[.!?]$/.test(line) ? '' : '.'}`;
};

const tooMuch = (): BatonError =>
  new BatonError('git lists more than can be read.', {
    code: 'git-output-too-large',
    next: 'Name a smaller folder with --workspace.',
  });

export const isWithoutGit = (thrown: unknown): boolean => thrown instanceof BatonError && thrown.code === 'no-git';

function withoutGit(thrown: unknown): Error {
  const error = toError(thrown);
  if (!('code' in error) || error.code !== 'ENOENT') return error;
  return new BatonError('There is no git on this machine.', {
    code: 'no-git',
    next: 'Install git, and see that it is on the PATH.',
    cause: error,
  });
}

/** The parts of an output whose lines end in a NUL. A name that is not UTF-8 comes back as null. */
export function nulSeparated(output: Buffer): readonly (string | null)[] {
  const parts: (string | null)[] = [];
  for (let from = 0; from < output.length; ) {
    const to = output.indexOf(0, from);
    const end = to === -1 ? output.length : to;
    const part = output.subarray(from, end);
    const text = part.toString('utf8');
    parts.push(Buffer.from(text, 'utf8').equals(part) ? text : null);
    from = end + 1;
  }
  return parts;
}
