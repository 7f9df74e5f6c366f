import { isUtf8 } from 'node:buffer';
import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { toError } from '@baton/contracts';

/** A prompt longer than this is a mistake: models are not told a book before the question. */
const MAX_BYTES = 256 * 1024;
const MAX_FILES = 1_000;

/** One file of a folder of templates: its text, or what is wrong with it. */
export type LayerFile = { readonly path: string } & ({ readonly text: string } | { readonly problem: string });

/**
 * The files of a folder of templates and of the folders within it: all `.md` files but README.md, in the order of their names.
 * What cannot be read is told beside what can. Links are followed to files, and not to folders.
 *
 * @returns the files, or in a sentence why there are none
 */
export async function readLayer(folder: string): Promise<readonly LayerFile[] | string> {
  let names: readonly string[];
  try {
    names = await readdir(folder, { recursive: true });
  } catch (error) {
    return `the folder cannot be read: ${toError(error).message}`;
  }
  const paths = names.filter((name) => name.endsWith('.md') && basename(name) !== 'README.md').sort();
  if (paths.length > MAX_FILES) return `it has ${paths.length} templates, and at most ${MAX_FILES} are read`;
  const files: LayerFile[] = [];
  for (const path of paths) {
    const read = await readTemplateFile(join(folder, path));
    files.push({ path, ...read });
  }
  return files;
}

async function readTemplateFile(file: string): Promise<{ readonly text: string } | { readonly problem: string }> {
  try {
    const facts = await stat(file);
    // A pipe would never end.
    if (!facts.isFile()) return { problem: 'it is no file' };
    if (facts.size > MAX_BYTES)
      return { problem: `it has ${facts.size} bytes, and a template has at most ${MAX_BYTES}` };
    const bytes = await readFile(file);
    if (!isUtf8(bytes)) return { problem: 'it is not UTF-8 text' };
    if (bytes.includes(0)) return { problem: 'it holds a NUL character' };
    return { text: bytes.toString('utf8') };
  } catch (error) {
    const isLink = await lstat(file).then(
      (facts) => facts.isSymbolicLink(),
      () => false,
    );
    return { problem: isLink ? 'it is a link to nothing' : `it cannot be read: ${toError(error).message}` };
  }
}
