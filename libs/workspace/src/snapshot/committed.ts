import { once } from 'node:events';
import { output, type Repository } from '../git/repository.js';
import { nulSeparated, startGit } from '../git/run-git.js';
import type { LeftOut, Limits } from './limits.js';
import { refuseTooMany, tooLargeReason } from './limits.js';
import type { ReadFile } from './read-file.js';
import type { CommittedFile, Source } from './source.js';

interface Committed {
  readonly files: ReadonlyMap<string, CommittedFile & { readonly size: number }>;
  readonly leftOut: readonly LeftOut[];
}

const OTHERS: Readonly<Record<string, string>> = {
  '120000': 'it is a link',
  '160000': 'it is a submodule, a repository of its own',
};

/** What a commit holds of the folder. */
export async function committedFiles(repository: Repository, commit: string): Promise<Committed> {
  const files = new Map<string, CommittedFile & { readonly size: number }>();
  const leftOut: LeftOut[] = [];
  for (const line of nulSeparated(await output(repository, ['ls-tree', '-r', '-l', '-z', commit]))) {
    const [, mode = '', id = '', size = '', path = ''] = /^(\d+) \w+ ([0-9a-f]+) +(\S+)\t(.*)$/s.exec(line ?? '') ?? [];
    if (path === '') leftOut.push({ path: '(a name that is no UTF-8)', reason: 'its path is no text' });
    else if (mode === '100644' || mode === '100755') files.set(path, { mode, id, size: Number(size) });
    else leftOut.push({ path, reason: OTHERS[mode] ?? `it has the mode ${mode}` });
  }
  return { files, leftOut };
}

/** The files of a commit, whatever lies in the working tree. */
export async function committedTree(repository: Repository, commit: string, limits: Limits): Promise<Source> {
  const { files, leftOut } = await committedFiles(repository, commit);
  refuseTooMany(files.size, limits);
  return {
    paths: [...files.keys()],
    leftOut,
    committed: files,
    read: (paths) => readCommitted(repository, files, paths, limits),
  };
}

async function* readCommitted(
  { folder, settings }: Repository,
  files: Committed['files'],
  paths: readonly string[],
  limits: Limits,
): AsyncGenerator<{ readonly path: string; readonly file: ReadFile }> {
  const child = startGit({ ...settings, folder, args: ['cat-file', '--batch'] });
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.stderr.resume();
  const closed = once(child, 'close');
  const take = bytesFrom(child.stdout);
  try {
    for (const path of paths) {
      const known = files.get(path);
      if (known === undefined) yield { path, file: { found: 'nothing' } };
      else if (known.size > limits.fileBytes)
        yield { path, file: { found: 'refused', reason: tooLargeReason(limits) } };
      else {
        child.stdin.write(`${known.id}\n`);
        const head = await take.line();
        const size = / blob (\d+)$/.exec(head)?.[1];
        if (size === undefined) {
          yield { path, file: { found: 'refused', reason: 'it cannot be read: git has no such object here' } };
          continue;
        }
        const bytes = await take.exactly(Number(size));
        await take.exactly(1);
        yield { path, file: { found: 'file', bytes, mode: known.mode } };
      }
    }
  } finally {
    child.stdin.end();
    child.kill();
    await closed.catch(() => {});
  }
}

/** Lines and counted bytes of a stream. What comes after its end is empty. */
function bytesFrom(stream: NodeJS.ReadableStream) {
  const chunks = stream[Symbol.asyncIterator]();
  let rest = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const next = await chunks.next();
    if (next.done === true) return false;
    rest = Buffer.concat([rest, Buffer.from(next.value)]);
    return true;
  };
  const cut = (length: number): Buffer => {
    const taken = rest.subarray(0, length);
    rest = rest.subarray(length);
    return taken;
  };
  return {
    line: async (): Promise<string> => {
      while (!rest.includes(10)) if (!(await more())) return '';
      return cut(rest.indexOf(10) + 1)
        .toString('utf8')
        .trimEnd();
    },
    exactly: async (length: number): Promise<Buffer> => {
      while (rest.length < length) if (!(await more())) break;
      return Buffer.from(cut(length));
    },
  };
}
