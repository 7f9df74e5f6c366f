import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeEnvFile } from '../env-file.js';
import { writeShim } from './shim.js';

let dir: string;
let root: string;
let home: string;

/** A checkout whose name needs quoting, with a Node that says what it was asked to run. */
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'baton-shim-'));
  root = join(dir, `it's a "checkout" $HOME`);
  home = join(root, '.baton');
  for (const file of ['apps/cli/bin/baton.js', 'apps/cli/dist/main.js', 'node_modules/.bin/node']) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), '#!/bin/sh\nprintf "%s|" "$BATON_HOME" "$@"\nexit 7\n');
  }
  chmodSync(join(root, 'node_modules/.bin/node'), 0o755);
  await writeShim(home, root);
  await writeEnvFile(home, { DATABASE_URL: 'postgres://x', BATON_TOKEN: 't' }, true);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const source = (script: string) =>
  spawnSync('sh', ['-c', `. "$1"; ${script}`, 'sh', join(home, 'env')], {
    cwd: tmpdir(),
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin' },
  });

describe('the command baton of a stack', () => {
  test('is found from any folder by a shell that sourced the env file, and gives arguments and exit code through', () => {
    const { stdout, status } = source(`baton run submit --input '{"a b": "$c"}'`);
    expect(stdout).toBe(`${home}|${join(root, 'apps/cli/dist/main.js')}|run|submit|--input|{"a b": "$c"}|`);
    expect(status).toBe(7);
  });

  test('is put on the PATH once, however often the file is sourced', () => {
    const { stdout } = source(`. "$1"; . "$1"; printf %s "$PATH"`);
    expect(stdout).toBe(`${join(home, 'bin')}:/usr/bin:/bin`);
  });

  test('keeps a home that the caller chose', () => {
    expect(source('BATON_HOME=/elsewhere baton doctor').stdout).toMatch(/^\/elsewhere\|/);
  });

  test('can be called by everybody and changed by its owner only', () => {
    expect(statSync(join(home, 'bin/baton')).mode & 0o777).toBe(0o755);
  });

  test('says in two lines that its checkout is gone', async () => {
    const other = join(dir, 'other');
    await writeShim(other, join(dir, 'gone'));
    const { status, stderr } = spawnSync(join(other, 'bin/baton'), ['run', 'list'], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: The checkout .*\/gone\.\nnext: {2}Start the stack again .*\n$/);
  });

  test('works in a folder that another shell has', () => {
    execFileSync('bash', ['-c', '. "$1" && command -v baton', 'bash', join(home, 'env')], { cwd: '/' });
  });
});
