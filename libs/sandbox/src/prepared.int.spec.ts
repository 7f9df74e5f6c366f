import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRunFolder } from './run-folder.js';
import type { PreparedFolder } from './sandbox.js';
import { attack, hasSandbox, sandbox, TOOLCHAIN } from './testing/attack.js';
import { LIMITS } from './testing/limits.js';

describe.skipIf(!hasSandbox)('folders that were prepared', () => {
  let root: string;
  let prepared: readonly PreparedFolder[];
  beforeAll(async () => {
    // Only its owner passes, as through the home of a service.
    root = await mkdtemp(join(tmpdir(), 'baton-prepared-'));
    await mkdir(join(root, 'one/package'), { recursive: true });
    await mkdir(join(root, 'one/.cache'));
    await mkdir(join(root, 'two'));
    await writeFile(join(root, 'one/package/index.js'), 'one\n');
    await writeFile(join(root, 'one/.cache/old'), 'old\n');
    await writeFile(join(root, 'two/deep.js'), 'two\n');
    prepared = [
      { from: join(root, 'two'), over: 'packages/app/node_modules', scratch: [] },
      { from: join(root, 'one'), over: 'node_modules', scratch: ['.cache'] },
    ];
  });
  afterAll(() => rm(root, { recursive: true }));

  it('are found in the worktree, beside what lies there', async () => {
    const { text } = await attack('cat node_modules/package/index.js packages/app/node_modules/deep.js packages/own', {
      prepared,
      before: async ({ work }) => {
        await mkdir(join(work, 'packages'));
        await writeFile(join(work, 'packages/own'), 'own\n');
      },
    });
    expect(text.trim().split('\n')).toEqual(['one', 'two', 'own']);
  });

  it('cannot be changed by a command, nor taken away, nor covered', async () => {
    const { text } = await attack(
      `for path in node_modules/package/index.js node_modules/new packages/app/node_modules/deep.js; do
         (echo evil > $path) 2>/dev/null && echo ESCAPED $path; rm -f $path 2>/dev/null; done
       rm -rf node_modules 2>/dev/null; mv node_modules elsewhere 2>/dev/null && echo ESCAPED
       chmod -R 777 node_modules 2>/dev/null; mount -o remount,rw node_modules 2>/dev/null && echo ESCAPED
       ln node_modules/package/index.js stolen 2>/dev/null && echo ESCAPED
       cat node_modules/package/index.js; echo tried`,
      { prepared, after: async ({ work }) => expect(await readdir(join(work, 'node_modules'))).toEqual([]) },
    );
    expect(text).toMatch(/one\s+tried/);
    expect(await readFile(join(root, 'one/package/index.js'), 'utf8')).toBe('one\n');
    expect(await readdir(join(root, 'one'))).toEqual(['.cache', 'package']);
  });

  it('have places that can be written, which are empty each time and have a size', async () => {
    const { text } = await attack(
      `ls -A node_modules/.cache; head -c 15M /dev/zero > node_modules/.cache/large; du -sm node_modules/.cache
       echo x > node_modules/.cache/small && echo tried`,
      { prepared },
    );
    expect(Number(/^(\d+)\s/m.exec(text)?.[1])).toBeLessThanOrEqual(LIMITS.diskMb / 4 + 1);
    expect(text).not.toContain('old');
    expect(await readdir(join(root, 'one/.cache'))).toEqual(['old']);
  });

  it('are not shown where an earlier command put something else into their place', async () => {
    const folder = await openRunFolder(tmpdir(), new Date());
    try {
      await symlink('/', join(folder.work, 'packages'));
      const command = { folder, readOnly: TOOLCHAIN, prepared, limits: LIMITS, argv: ['/bin/true'] as const };
      const run = sandbox.run({ ...command, argv: [...command.argv] }, new AbortController().signal);
      await expect(run).rejects.toMatchObject({ code: 'place-taken', message: expect.stringContaining('packages') });
    } finally {
      await folder.remove();
    }
  });
});
