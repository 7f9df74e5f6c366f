import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runQuietly } from './run.mjs';

/** @param {string} root */
const stampFile = (root) => join(root, 'node_modules/.cache/baton/built');

/**
 * @param {string} folder
 * @param {(name: string) => boolean} matters
 * @returns {string[]}
 */
function filesIn(folder, matters) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return /^(node_modules|dist)$/.test(entry.name) ? [] : filesIn(path, matters);
    return matters(entry.name) ? [path] : [];
  });
}

/** Names, sizes and times: reading a few hundred files' metadata takes some 20 ms. @param {readonly string[]} files */
function digestOf(files) {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) {
    const facts = statSync(file, { throwIfNoEntry: false });
    hash.update(`${file} ${facts?.mtimeMs} ${facts?.size}\n`);
  }
  return hash.digest('hex');
}

/** What the compiler reads. @param {string} root */
function sourcesOf(root) {
  const inFolders = ['apps', 'libs', 'scripts'].flatMap((folder) =>
    filesIn(join(root, folder), (name) => /\.(tsx?|mjs|css|html|svg)$|^(package|tsconfig)\.json$/.test(name)),
  );
  const atRoot = ['tsconfig.json', 'tsconfig.base.json', 'vitest.config.ts', 'package-lock.json'];
  return [...inFolders, ...atRoot.map((name) => join(root, name))];
}

/** Of what it wrote, its own notes are enough: they go when a dist folder goes. @param {string} root */
const notesOf = (root) => [
  ...['apps', 'libs'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(root, folder, name, 'dist/tsconfig.tsbuildinfo')),
  ),
  join(root, 'libs/asl/vendor/jsonata.cjs'),
  join(root, 'dist/made-from.json'),
  join(root, 'apps/web/dist/page/index.html'),
];

/** @param {string} root */
export function isBuilt(root) {
  try {
    return readFileSync(stampFile(root), 'utf8') === `${digestOf(sourcesOf(root))} ${digestOf(notesOf(root))}\n`;
  } catch {
    return false;
  }
}

/**
 * @param {string} root
 * @param {string} node
 * @param {(line: string) => void} say
 */
export async function build(root, node, say) {
  say('Building …');
  // Taken before, so that a file that changes meanwhile is noticed the next time.
  const sources = digestOf(sourcesOf(root));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const patch = join(root, 'scripts/patch-jsonata.mjs');
  await runQuietly([node, patch], root, 'JSONata could not be patched; the reason is above.');
  await runQuietly([node, compiler, '-b', root], root, 'The build failed; its messages are above.');
  const page = join(root, 'scripts/build-page.mjs');
  const bundle = join(root, 'scripts/bundle.mjs');
  // Neither reads what the other writes. Whoever waits for their turn waits for both.
  const made = await Promise.allSettled([
    runQuietly([node, page], root, 'The dashboard could not be built; the reason is above.'),
    runQuietly([node, bundle], root, 'The programs could not be put together; the reason is above.'),
  ]);
  for (const one of made) if (one.status === 'rejected') throw one.reason;
  mkdirSync(dirname(stampFile(root)), { recursive: true });
  writeFileSync(stampFile(root), `${sources} ${digestOf(notesOf(root))}\n`);
}
