import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { embeddedOwnersPassword } from './cluster.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-password-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the password of the owner is beside the data, wherever that is', async () => {
  const [here, elsewhere] = [join(folder, 'here'), join(folder, 'elsewhere')];
  for (const each of [here, elsewhere]) await mkdir(each);
  expect(embeddedOwnersPassword(here)).toBeNull();
  await writeFile(join(here, 'password'), 'one\n');
  expect(embeddedOwnersPassword(here)).toBe('one');
  // As where root keeps it for the user that runs Postgres.
  await writeFile(join(elsewhere, 'password'), 'two\n');
  await writeFile(join(here, 'location'), `${elsewhere}\n`);
  expect(embeddedOwnersPassword(here)).toBe('two');
  await writeFile(join(here, 'location'), `${join(folder, 'nowhere')}\n`);
  expect(embeddedOwnersPassword(here)).toBeNull();
});
