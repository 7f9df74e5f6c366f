import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claimDirectory } from './owner-claim.js';
import { lifeOf } from './process-facts.js';
import { initialisedFolder, killHard, start, startOwner, temporaryFolder } from './testing/owners.js';

test('a second process is refused the directory, and told who has it', async () => {
  const folder = initialisedFolder();
  const owner = startOwner(folder);
  expect(await owner.next()).toMatchObject({ type: 'ready' });
  await expect(start(folder)).rejects.toMatchObject({
    code: 'embedded-postgres-owned',
    message: expect.stringContaining(`process ${owner.process.pid}`),
    next: expect.stringContaining('BATON_HOME'),
  });
});

test('a second start in the same process is refused, and the first goes on', async () => {
  const folder = initialisedFolder();
  await start(folder);
  await expect(start(folder)).rejects.toMatchObject({ code: 'embedded-postgres-owned' });
  await expect(start(folder)).rejects.toMatchObject({ code: 'embedded-postgres-owned' });
});

test('of several owners at the same moment exactly one gets the directory', async () => {
  const folder = temporaryFolder();
  const owners = [startOwner(folder), startOwner(folder), startOwner(folder)];
  const answers = await Promise.all(owners.map((owner) => owner.next()));
  expect(answers.map((answer) => answer.type).sort()).toEqual(['ready', 'refused', 'refused']);
});

test('the claim of a killed owner counts for nothing', async () => {
  const folder = initialisedFolder();
  const owner = startOwner(folder);
  await owner.next();
  await killHard(owner.process);
  await start(folder);
});

test('a claim of an earlier process with a pid that lives again counts for nothing', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, `owner-${process.pid}-0123456789ab.held`), '');
  writeFileSync(join(folder, `owner-${process.ppid}-0123456789ab.held`), '');
  const claim = await claimDirectory(folder);
  expect(readdirSync(folder).every((file) => file.startsWith(`owner-${process.pid}-${lifeOf(process.pid)}`))).toBe(
    true,
  );
  claim.release();
  expect(readdirSync(folder)).toEqual([]);
});

test('an unconfirmed claim of a larger pid is waited for, one of a smaller pid wins', async () => {
  const folder = temporaryFolder();
  const parentClaim = join(folder, `owner-${process.ppid}-${lifeOf(process.ppid)}.claim`);
  writeFileSync(parentClaim, '');
  if (process.ppid < process.pid) {
    await expect(claimDirectory(folder)).rejects.toMatchObject({ code: 'embedded-postgres-owned' });
  }
  const younger = startOwner(temporaryFolder());
  await younger.next();
  const other = temporaryFolder();
  const pid = younger.process.pid ?? 0;
  writeFileSync(join(other, `owner-${pid}-${lifeOf(pid)}.claim`), '');
  if (pid < process.pid) {
    // The numbers of processes begin anew at some point.
    await expect(claimDirectory(other)).rejects.toMatchObject({ code: 'embedded-postgres-owned' });
    return;
  }
  let settled = false;
  const waiting = claimDirectory(other).finally(() => {
    settled = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(settled).toBe(false);
  await killHard(younger.process);
  (await waiting).release();
});
