// `baton-run`: all of Baton, to be started where there is no checkout. The layout is that of the checkout, because code finds
// what it reads by where it lies; the programs are those of the bundle. See docs/adr/0087.
import { chmodSync, copyFileSync, cpSync, existsSync, globSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { asIfInPlace } from './as-if-in-place.mjs';
import { licencesOf } from './licences.mjs';
import { rangesOf, readJson } from './workspaces.mjs';

/** Those that find their own files beside them, and the programs that level 2 checks code with. */
const DEPENDENCIES = ['piscina', 'typescript', '@types/node'];

/** Started by their paths: what threads are made of has packages in it, and the others run as they are. */
const THREADS = ['libs/threads/dist/thread.js', 'libs/catalog/dist/thread.js', 'libs/replay/dist/thread.js'];
const CHILDREN = ['libs/agents/dist/validator/tools/children/*.js', 'libs/agents/dist/set-up/children/*.js'];

const COMMAND = 'scripts/packing/launcher.mjs';

/** What programs read where it lies. */
const READ = [
  ...[
    'prompts',
    'schemas',
    'workflows',
    'openapi.json',
    'LICENSE',
    'examples/requirements',
    'infra/sandbox-seccomp.json',
  ],
  ...['libs/*/migrations', 'libs/*/functions', 'libs/offline-model/subjects', 'libs/sandbox/etc', 'apps/web/dist/page'],
  ...[
    'apps/cli/package.json',
    'libs/service-kit/package.json',
    'libs/worker-service/package.json',
    'scripts/setup/platform.mjs',
    'scripts/setup/run.mjs',
    COMMAND,
  ],
];

/**
 * @param {string} root of the checkout, built
 * @param {string} stage an empty folder
 */
export async function layOutStack(root, stage) {
  if (!existsSync(join(root, 'dist/made-from.json'))) throw new Error('There is no bundle: run `npm run build` first.');
  if (!existsSync(join(root, 'apps/web/dist/page/index.html')))
    throw new Error('There is no page: run `npm run build` first.');
  const copied = [...READ, ...CHILDREN, 'dist/{apps,libs}/*.js'].flatMap((pattern) => globSync(pattern, { cwd: root }));
  for (const path of copied) {
    mkdirSync(dirname(join(stage, path)), { recursive: true });
    cpSync(join(root, path), join(stage, path), { recursive: true });
  }
  for (const thread of THREADS) await writeThread(root, stage, thread);
  // Made from nothing that could have changed since.
  writeFileSync(join(stage, 'dist/made-from.json'), '{}');
  for (const path of globSync('dist/apps/*.js', { cwd: root })) writeEntry(stage, path.slice('dist/apps/'.length, -3));
  chmodSync(join(stage, COMMAND), 0o755);
  // By which the command in the home of a stack starts it.
  mkdirSync(join(stage, 'apps/cli/bin'), { recursive: true });
  writeFileSync(join(stage, 'apps/cli/bin/baton.js'), `#!/usr/bin/env node\nimport '../../../${COMMAND}';\n`, {
    mode: 0o755,
  });
  writeFileSync(join(stage, 'LICENSES-OF-OTHERS.txt'), licencesOf(root));
  copyFileSync(join(root, 'scripts/packing/baton-run.md'), join(stage, 'README.md'));
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifestOf(root), null, 2)}\n`);
}

/** @param {string} root @param {string} stage @param {string} thread */
async function writeThread(root, stage, thread) {
  const bundle = await rolldown({
    input: join(root, thread),
    platform: 'node',
    external: [/^piscina$/, /^msgpackr-extract$/],
    plugins: [asIfInPlace(dirname(join(root, thread)))],
  });
  const output = { file: join(stage, thread), format: /** @type {const} */ ('esm'), keepNames: true };
  await bundle.write({ ...output, codeSplitting: false });
}

/** For whoever starts a program by the path that it has in a checkout. @param {string} stage @param {string} app */
function writeEntry(stage, app) {
  const entry = join(stage, 'apps', app, 'dist/main.js');
  mkdirSync(dirname(entry), { recursive: true });
  writeFileSync(entry, `import '../../../dist/apps/${app}.js';\n`);
}

/** @param {string} root */
function manifestOf(root) {
  const { version, description, optionalDependencies } = readJson(join(root, 'package.json'));
  return {
    name: 'baton-run',
    version,
    description,
    license: 'Apache-2.0',
    type: 'module',
    engines: { node: '>=20.17' },
    os: ['linux', 'darwin'],
    bin: { 'baton-run': COMMAND },
    dependencies: rangesOf(root, DEPENDENCIES),
    optionalDependencies,
  };
}
