import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { chooseAccount, runAs } from './account.js';
import { findBinaries, packageFolder } from './binaries.js';
import { removeEmbeddedPostgres, SYSTEM_ROOT } from './cluster.js';
import { isRoot, query, start, startOwner, temporaryFolder } from './testing/owners.js';

const NOBODY = { uid: 65534, gid: 65534 };
const asNobody = spawnSync('test', ['-r', import.meta.filename], isRoot ? NOBODY : {});
const nobodyCanReadUs = isRoot && asNobody.status === 0;

/** A folder that only its owner can enter, with the package's native part in it as npm leaves it: without the links. */
function closedPackage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-closed-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const copy = join(folder, 'package');
  cpSync(packageFolder(), copy, { recursive: true, filter: (source) => !lstatSync(source).isSymbolicLink() });
  return copy;
}

test.runIf(isRoot)('root runs Postgres as another user, who owns the data', async () => {
  const folder = temporaryFolder();
  const postgres = await start(folder);
  expect(statSync(join(folder, 'data')).uid).not.toBe(0);
  expect(statSync(`/proc/${postgres.pid}`).uid).toBe(statSync(join(folder, 'data')).uid);
});

test.runIf(isRoot)(
  'root in a folder of its own, closed to others, keeps the data where Postgres can reach it',
  async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o700);
    const first = await start(folder);
    const location = readFileSync(join(folder, 'location'), 'utf8').trim();
    expect(dirname(location)).toBe(SYSTEM_ROOT);
    expect(readFileSync(join(location, 'belongs-to'), 'utf8').trim()).toBe(folder);
    expect(existsSync(join(folder, 'data'))).toBe(false);
    await query(first.url, 'create table kept as select 1 as n');
    await first.stop();
    const second = await start(folder);
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 1 }]);
    await second.stop();
    removeEmbeddedPostgres(folder);
    expect(existsSync(location)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  },
);

test.runIf(nobodyCanReadUs)('an ordinary user runs it as itself', async () => {
  const folder = temporaryFolder();
  chownSync(folder, NOBODY.uid, NOBODY.gid);
  const owner = startOwner(folder, NOBODY);
  const ready = await owner.next();
  if (ready.type !== 'ready') throw new Error(JSON.stringify(ready));
  expect(await query(ready.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(statSync(join(folder, 'password')).uid).toBe(NOBODY.uid);
  owner.process.kill('SIGTERM');
  expect(await owner.next()).toEqual({ type: 'exited', code: 0, signal: null });
});

test.runIf(nobodyCanReadUs)('data that a user began can be continued by root, and stays the user’s', async () => {
  const folder = temporaryFolder();
  chownSync(folder, NOBODY.uid, NOBODY.gid);
  const owner = startOwner(folder, NOBODY);
  await owner.next();
  owner.process.kill('SIGTERM');
  await owner.next();
  const postgres = await start(folder);
  expect(statSync(`/proc/${postgres.pid}`).uid).toBe(NOBODY.uid);
});

test.runIf(nobodyCanReadUs)('a user who may not write to the directory, or not read its data, is told so', async () => {
  const foreign = temporaryFolder();
  expect(await startOwner(foreign, NOBODY).next()).toEqual({ type: 'refused', code: 'embedded-postgres-not-writable' });
  const postgres = await start(foreign);
  await postgres.stop();
  chmodSync(foreign, 0o777);
  expect(await startOwner(foreign, { uid: 54321, gid: 54321 }).next()).toEqual({
    type: 'refused',
    code: 'embedded-postgres-not-yours',
  });
});

test('binaries that the account cannot reach or change are copied once to where it can', () => {
  const original = closedPackage();
  const copies = temporaryFolder();
  const libraries = join(original, 'native/lib');
  if (!isRoot) chmodSync(libraries, 0o555);
  onTestFinished(() => chmodSync(libraries, 0o755));
  const account = chooseAccount('/nowhere');
  const found = findBinaries(account, copies, original);
  expect(found.postgres.startsWith(copies)).toBe(true);
  const version = spawnSync(found.initdb, ['--version'], { ...runAs(account), cwd: '/', encoding: 'utf8' });
  expect(version.stdout).toContain(found.major);
  const before = statSync(found.postgres).ino;
  expect(statSync(findBinaries(account, copies, original).postgres).ino).toBe(before);
});

test('missing library links are made in place where that is possible', () => {
  const original = closedPackage();
  chmodSync(dirname(original), 0o755);
  expect(existsSync(join(original, 'native/lib/libpq.so.5'))).toBe(false);
  const unused = join(dirname(original), 'copies');
  mkdirSync(unused);
  expect(findBinaries(chooseAccount('/nowhere'), unused, original).postgres.startsWith(original)).toBe(true);
  expect(existsSync(join(original, 'native/lib/libpq.so.5'))).toBe(true);
});
