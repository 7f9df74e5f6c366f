import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeFolder } from './make-folder.js';

test('a folder is made with those above it, and may be there already', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'baton-make-folder-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  for (const _ of [1, 2]) await makeFolder(join(dir, 'a/b/c'));
  expect((await stat(join(dir, 'a/b/c'))).isDirectory()).toBe(true);
});

test.skipIf(process.platform !== 'linux')(
  'a place that takes no folders is refused, and nobody waits for ever',
  async () => {
    await expect(makeFolder('/proc/nowhere/a')).rejects.toMatchObject({ code: 'ENOENT' });
  },
);
