import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';

/* The commands as they stand there, with a `pg_dump` during which a run is archived and another one is read back. */

const root = join(import.meta.dirname, '..');
const composed = (): string =>
  parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8')).services.backup.command[2].replaceAll('$$', '$');
const documented = (): string =>
  /```sh\n([^`]*pg_dump[^`]*)```/.exec(readFileSync(join(root, 'docs/backup.md'), 'utf8'))?.[1] ?? '';

const DUMP = `#!/bin/sh
set -e
mkdir -p "$ARCHIVE"
rm -f "$ARCHIVE/read-back"
echo archived > "$ARCHIVE/meanwhile"
for word in "$@"; do case "$word" in --file=*) echo dump > "\${word#--file=}";; esac; done
`;

const PLACES = [
  { place: 'of the composition', home: 'signing', commandOf: composed },
  { place: 'of the documents', home: '.baton', commandOf: documented },
];

test.each(
  PLACES.flatMap((place) => [
    { ...place, before: ['before', 'read-back'] },
    { ...place, before: [] },
  ]),
)('a backup by the command $place, with $before.length archived runs, has one that was archived meanwhile', (each) => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-backup-command-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const archive = join(folder, each.home, 'archive');
  mkdirSync(each.before.length > 0 ? archive : join(folder, each.home), { recursive: true });
  mkdirSync(join(folder, 'backup'));
  mkdirSync(join(folder, 'bin'));
  for (const name of each.before) writeFileSync(join(archive, name), name);
  writeFileSync(join(folder, 'bin/pg_dump'), DUMP, { mode: 0o755 });
  const command = each
    .commandOf()
    .replaceAll('/backup', join(folder, 'backup'))
    .replaceAll('/signing', join(folder, 'signing'));
  const env = {
    PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}`,
    ARCHIVE: archive,
    OWNER_URL: 'postgres:',
  };
  execFileSync('sh', ['-ec', command], { cwd: folder, env });
  const kept = readdirSync(join(folder, 'backup'), { recursive: true, encoding: 'utf8' });
  const inArchive = kept.flatMap((path) => /(?:^|\/)home\/archive\/(.+)$/.exec(path)?.[1] ?? []);
  expect(inArchive.sort()).toEqual([...each.before, 'meanwhile'].sort());
  expect(kept.filter((path) => path.endsWith('baton.dump'))).toHaveLength(1);
});
