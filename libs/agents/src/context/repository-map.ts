import { type BlobStore, getFile, type Tree, type TreeFile, textOf } from '@baton/workspace';
import type { Lead } from '../templates/render.js';

const MOST_PATHS = 300;
const MOST_OF_FILE = 6_000;
const MOST_FILES = 8;

/** What says how a repository is worked on, most telling first. */
const CONVENTIONS = [
  'AGENTS.md',
  'CLAUDE.md',
  'CONTRIBUTING.md',
  '.baton/tools.yaml',
  'package.json',
  'tsconfig.json',
  'pyproject.toml',
  'Cargo.toml',
  'go.mod',
];

/**
 * What a repository is made of and how it is worked on: its tree, its manifests, its conventions. Of the version that a run
 * began from, so that every step of the run is told the same, and each finds it in the cache of the step before.
 */
export async function repositoryMap(base: Tree, store: BlobStore): Promise<Lead> {
  const told = CONVENTIONS.flatMap((path) => base.find((file) => file.path === path) ?? []).slice(0, MOST_FILES);
  const texts: string[] = [];
  for (const file of told) {
    const text = textOf(await getFile(store, file));
    if (text !== null) texts.push(`=== ${file.path}\n${clip(text)}`);
  }
  return {
    name: 'repository',
    intro:
      'The repository that the work is done in, as it was given: its files with their sizes in bytes, and what says how it is worked on.',
    text: [treeOf(base), ...texts].join('\n\n'),
  };
}

const clip = (text: string): string =>
  text.length <= MOST_OF_FILE ? text.trimEnd() : `${text.slice(0, MOST_OF_FILE)}\n… [${text.length} characters in all]`;

/** Each file where they are few; of a folder with too many files how many they are. */
function treeOf(base: Tree): string {
  if (base.length <= MOST_PATHS) return base.map(lineOf).join('\n');
  const folders = new Map<string, readonly TreeFile[]>();
  for (const file of base) {
    const at = file.path.lastIndexOf('/');
    const folder = at === -1 ? '' : file.path.slice(0, at + 1);
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  const lines = [...folders].map(([folder, files]) =>
    folder === '' ? files.map(lineOf).join('\n') : `${folder}  ${files.length} files`,
  );
  const more = lines.length - MOST_PATHS;
  return [...lines.slice(0, MOST_PATHS), ...(more > 0 ? [`… and ${more} more folders`] : [])].join('\n');
}

const lineOf = ({ path, size }: TreeFile): string => `${path}  ${size}`;
