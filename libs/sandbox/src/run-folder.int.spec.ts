import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRunFolder } from './run-folder.js';

const space = process.platform === 'linux' ? /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] : '0';
const longAgo = new Date(Date.now() - 24 * 3_600_000);

/** The number of a process that has ended. */
async function endedPid(): Promise<number> {
  const child = spawn('true', { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('the folder of a run', () => {
  let parent: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'baton-spec-'));
  });
  afterEach(() => rm(parent, { recursive: true }));
  const made = async (name: string, modified = new Date()): Promise<string> => {
    await mkdir(join(parent, name, 'work'), { recursive: true });
    await writeFile(join(parent, name, 'work', 'f'), '');
    await utimes(join(parent, name), modified, modified);
    return name;
  };

  it('is removed by the next run where its process was killed, and nothing else is', async () => {
    const killed = await made(`baton-run-${space}-${await endedPid()}-abc`);
    const mine = await made(`baton-run-${space}-${process.pid}-abc`);
    // Of another container that shares the folder: its process has no number here.
    const foreign = await made('baton-run-1-2-abc');
    const foreignOld = await made('baton-run-1-3-abc', longAgo);
    const other = await made('something', longAgo);
    const folder = await openRunFolder(parent, new Date());
    const left = await readdir(parent);
    expect(left.sort()).toEqual([basename(folder.root), foreign, mine, other].sort());
    expect(left).not.toContain(killed);
    expect(left).not.toContain(foreignOld);
    await folder.remove();
    expect(await readdir(parent)).not.toContain(basename(folder.root));
  });

  it('is not looked for behind a link of somebody', async () => {
    const precious = await made('precious');
    await symlink(join(parent, precious), join(parent, `baton-run-${space}-${await endedPid()}-abc`));
    const folder = await openRunFolder(parent, new Date());
    expect(await readdir(join(parent, precious, 'work'))).toEqual(['f']);
    await folder.remove();
  });
});
