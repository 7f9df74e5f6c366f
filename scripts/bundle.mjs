// Puts the programs of Baton, with all that they import, into a few files under dist/: of the second that a service of 1,500
// modules takes to load, three quarters go into finding and reading them. Where there is no bundle, or one of other modules,
// a program is run from its modules (`programOf` of service-kit), so one that cannot be made here is no failure.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkDocument, parseYaml } from '@baton/catalog/check';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'dist');
rmSync(out, { recursive: true, force: true });

// npm leaves the bundler's program for this machine out where the caller's Node is older than that wants.
const { rolldown, asIfInPlace } = await loaded().catch((thrown) => {
  process.stdout.write(`The programs run from their modules: ${thrown}\n`);
  process.exit(0);
});

async function loaded() {
  return { ...(await import('rolldown')), ...(await import('./packing/as-if-in-place.mjs')) };
}

/** Those that find their own code beside them: a program for threads, an addon of the machine. */
const LEFT_OUT = [/^piscina$/, /^msgpackr-extract$/];

/**
 * Documents that ship are read and checked here, by the same code, instead of at each start of a service.
 * @type {import('rolldown').Plugin}
 */
const withDocuments = {
  name: 'with-documents',
  load: {
    filter: { id: /\/libs\/catalog\/dist\/checked-before\.js$/ },
    handler: () => {
      const entries = globSync('workflows/*.{yaml,yml,json}', { cwd: root }).flatMap((path) => checkedEntry(path));
      return `export const CHECKED_BEFORE = new Map(JSON.parse(${JSON.stringify(JSON.stringify(entries))}));`;
    },
  },
};

/** One that is not well is left to the service, which tells it. @param {string} path */
function checkedEntry(path) {
  const bytes = readFileSync(join(root, path));
  const text = bytes.toString('utf8');
  const checked = checkDocument(path.endsWith('.json') ? JSON.parse(text) : parseYaml(text));
  if (!checked.ok) return [];
  const { document, sha256 } = checked;
  assert.deepEqual(JSON.parse(JSON.stringify(document)), document, `${path} is not the same as JSON`);
  return [[createHash('sha256').update(bytes).digest('hex'), { document, sha256 }]];
}

const names = globSync('apps/*/src/main.ts', { cwd: root }).map((path) => path.split('/')[1] ?? '');
const notShipped = ['bench'];
/** Packages ask for others that may be there; that Baton's own code asks for what is not there is a fault. @type {string[]} */
const faults = [];
const bundle = await rolldown({
  input: Object.fromEntries(
    names.filter((name) => !notShipped.includes(name)).map((name) => [name, join(root, 'apps', name, 'dist/main.js')]),
  ),
  platform: 'node',
  external: LEFT_OUT,
  // All files of the bundle lie one folder deep in it.
  plugins: [asIfInPlace(join(out, 'apps')), withDocuments],
  onLog: (level, { code, id, message }) => {
    if (level === 'warn' && !(id ?? message).includes('/node_modules/')) faults.push(`${code}: ${message}`);
  },
});
await bundle.write({
  dir: out,
  format: 'esm',
  sourcemap: true,
  // The names of classes are told to people, and looked at.
  keepNames: true,
  entryFileNames: 'apps/[name].js',
  chunkFileNames: 'libs/[name].js',
});
if (faults.length > 0) {
  process.stderr.write(`${faults.join('\n')}\n`);
  process.exit(1);
}

/** What it was made from, by the notes that the compiler writes at the end of its work, and what was installed. */
const notes = [
  ...globSync('{apps,libs}/*/dist/tsconfig.tsbuildinfo', { cwd: root }),
  'libs/asl/vendor/jsonata.cjs',
  'package-lock.json',
].filter((path) => existsSync(join(root, path)));
const madeFrom = notes.sort().map((path) => {
  const { mtimeMs, size } = statSync(join(root, path));
  return [path, `${mtimeMs} ${size}`];
});
// Comes last: without it there is no bundle.
writeFileSync(join(out, 'made-from.json'), JSON.stringify(Object.fromEntries(madeFrom)));
