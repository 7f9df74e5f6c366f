// Puts the programs of Baton, with all that they import, into a few files under dist/: of the second that a service of 1,500
// modules takes to load, three quarters go into finding and reading them. Where there is no bundle, or one of other modules,
// a program is run from its modules (`programOf` of service-kit), so one that cannot be made here is no failure.
import { existsSync, globSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'dist');
rmSync(out, { recursive: true, force: true });

// npm leaves the bundler's program for this machine out where the caller's Node is older than that wants.
const bundler = await import('rolldown').catch((thrown) => {
  process.stdout.write(`The programs run from their modules: ${thrown}\n`);
  process.exit(0);
});

/** Those that find their own code beside them: a program for threads, an addon of the machine. */
const LEFT_OUT = [/^piscina$/, /^msgpackr-extract$/];

const OWN = /\/(apps|libs)\/[^/]+\/(dist|vendor)\//;

/**
 * Code finds its neighbours (migrations, prompts, programs for threads) by where it lies, and keeps doing so. All files of a
 * bundle lie one folder deep in it, so that the way from each to a module is the same.
 * @type {import('rolldown').Plugin}
 */
const asIfInPlace = {
  name: 'as-if-in-place',
  transform: {
    filter: { id: OWN, code: /import\.meta\./ },
    handler(code, id) {
      const way = relative(join(out, 'apps'), id);
      const moved = code
        .replaceAll('import.meta.url', `new URL(${JSON.stringify(way)}, import.meta.url).href`)
        .replaceAll('import.meta.dirname', `(import.meta.dirname + ${JSON.stringify(`/${dirname(way)}`)})`);
      // Each line stays where it was.
      return { code: moved, map: null };
    },
  },
};

const names = globSync('apps/*/src/main.ts', { cwd: root }).map((path) => path.split('/')[1] ?? '');
const notShipped = ['bench'];
/** Packages ask for others that may be there; that Baton's own code asks for what is not there is a fault. @type {string[]} */
const faults = [];
const bundle = await bundler.rolldown({
  input: Object.fromEntries(
    names.filter((name) => !notShipped.includes(name)).map((name) => [name, join(root, 'apps', name, 'dist/main.js')]),
  ),
  platform: 'node',
  external: LEFT_OUT,
  plugins: [asIfInPlace],
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

/** What it was made from, by the notes that the compiler and npm write at the end of their work. */
const notes = [
  ...globSync('{apps,libs}/*/dist/tsconfig.tsbuildinfo', { cwd: root }),
  'libs/asl/vendor/jsonata.cjs',
  'node_modules/.package-lock.json',
].filter((path) => existsSync(join(root, path)));
const madeFrom = notes.sort().map((path) => {
  const { mtimeMs, size } = statSync(join(root, path));
  return [path, `${mtimeMs} ${size}`];
});
// Comes last: without it there is no bundle.
writeFileSync(join(out, 'made-from.json'), JSON.stringify(Object.fromEntries(madeFrom)));
