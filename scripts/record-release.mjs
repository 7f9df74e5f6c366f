// `node scripts/record-release.mjs REF`: puts on record what the version at REF says to the database and to the queues, so that
// the tests hold every later one to it (docs/adr/0072-two-versions-side-by-side.md). To be run when a version is released.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSchema } from './released/read-schema.mjs';

const [ref = ''] = process.argv.slice(2);
const git = (/** @type {string[]} */ ...args) => execFileSync('git', args, { encoding: 'utf8', maxBuffer: 1e8 });
const commit = git('rev-parse', '--verify', `${ref}^{commit}`).trim();
const sql = git('ls-tree', '-r', '--name-only', commit, 'libs')
  .split('\n')
  .filter((path) => /^libs\/[^/]+\/schema\.sql$/.test(path))
  .map((path) => git('show', `${commit}:${path}`))
  .join('\n');
const messages = Object.fromEntries(
  git('ls-tree', '--name-only', commit, 'schemas/')
    .split('\n')
    .filter((path) => /^schemas\/(intake|results|worker)\..*\.json$/.test(path))
    .map((path) => [path.slice('schemas/'.length, -'.json'.length), JSON.parse(git('show', `${commit}:${path}`))]),
);
const folder = join(import.meta.dirname, 'released');
writeFileSync(join(folder, 'version.json'), `${JSON.stringify({ commit }, null, 2)}\n`);
writeFileSync(join(folder, 'schema.json'), `${JSON.stringify(readSchema(sql), null, 1)}\n`);
writeFileSync(join(folder, 'messages.json'), `${JSON.stringify(messages, null, 1)}\n`);
