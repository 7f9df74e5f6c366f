// `@baton/worker` as others install it: the private packages that it is made of put into one file, what they have from npm as
// dependencies, and the types of its entries. See docs/adr/0087.
import { copyFileSync, cpSync, existsSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { copyTypings } from './typings.mjs';
import { packageOf, rangesOf, readJson } from './workspaces.mjs';

/** Each entry with the module that it is made from. `tryTask` is what users have of `testing`: the rest tests Baton. */
const ENTRIES = { index: 'libs/worker/dist/index', testing: 'libs/worker/dist/testing/try-task' };

/**
 * @param {string} root of the checkout, built
 * @param {string} stage an empty folder
 */
export async function layOutWorker(root, stage) {
  const bundle = await rolldown({
    input: Object.fromEntries(Object.entries(ENTRIES).map(([name, module]) => [name, join(root, `${module}.js`)])),
    platform: 'node',
    external: (id) => !/^(\.|\/|@baton\/)/.test(id),
    // What a worker does not call is left out, with what it would load: the launcher of an embedded Postgres, the migrations.
    treeshake: { moduleSideEffects: false },
  });
  const { output } = await bundle.write({
    ...{ dir: join(stage, 'dist'), format: 'esm', keepNames: true, sourcemap: false },
    ...{ entryFileNames: '[name].js', chunkFileNames: 'shared.js' },
  });
  /** @type {Set<string>} */
  const loaded = new Set();
  for (const file of output)
    if (file.type === 'chunk') for (const id of [...file.imports, ...file.dynamicImports]) loaded.add(id);
  for (const { fileName } of output) loaded.delete(fileName);
  const entries = Object.values(ENTRIES).map((module) => `${module}.d.ts`);
  const named = copyTypings(root, join(stage, 'types'), entries);
  const fromNpm = [...loaded].filter((id) => !isBuiltin(id)).map(packageOf);
  const typesOf = named
    .filter((name) => existsSync(join(root, 'node_modules/@types', name)))
    .map((name) => `@types/${name}`);
  const manifest = manifestOf(root, [...new Set([...fromNpm, ...named, ...typesOf])]);
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  // By these a worker tells whether the database is of its version.
  for (const folder of ['migrations', 'functions'])
    cpSync(join(root, 'libs/event-store', folder), join(stage, folder), { recursive: true });
  copyFileSync(join(root, 'LICENSE'), join(stage, 'LICENSE'));
  copyFileSync(join(root, 'libs/worker/README.md'), join(stage, 'README.md'));
}

/** @param {string} root @param {readonly string[]} packages */
function manifestOf(root, packages) {
  const { name, version } = readJson(join(root, 'libs/worker/package.json'));
  /** @param {string} entry @param {string} types */
  const entryOf = (entry, types) => ({ types: `./types/${types}.d.ts`, default: `./dist/${entry}.js` });
  return {
    name,
    version,
    description: 'A worker of your own for Baton: a function that workflows ask, with its input and output as schemas.',
    license: 'Apache-2.0',
    type: 'module',
    engines: { node: '>=20.17' },
    exports: {
      './package.json': './package.json',
      '.': entryOf('index', 'worker/index'),
      './testing': entryOf('testing', 'worker/testing/try-task'),
    },
    files: ['dist', 'types', 'migrations', 'functions'],
    dependencies: rangesOf(root, packages),
  };
}
