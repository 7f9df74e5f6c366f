import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFolder } from './make-folder.js';

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'baton-folders-'));
});
afterAll(() => rm(place, { recursive: true, force: true }));

test('is made with those above it, once', async () => {
  const folder = join(place, 'a/b/c');
  expect(await Promise.all([makeFolder(folder, 0o700), makeFolder(folder, 0o700)])).toContain(true);
  expect(await makeFolder(folder)).toBe(false);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  await symlink(folder, join(place, 'link'));
  expect(await makeFolder(join(place, 'link'))).toBe(false);
});

test('is refused where a file is in the way', async () => {
  await writeFile(join(place, 'file'), '');
  await expect(makeFolder(join(place, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolder(join(place, 'file/in/it'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

test.skipIf(process.platform !== 'linux')('is refused at once where nothing can be made', async () => {
  for (const path of ['/proc/nope', '/proc/nope/deeper']) {
    await expect(makeFolder(path)).rejects.toMatchObject({ code: 'ENOENT' });
  }
});
