import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asCalled, type Caller, callNameOf } from './call-name.js';
import { formatShim } from './up/shim.js';

let dir: string;
let root: string;
let home: string;

function script(file: string, content: string): void {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, 0o755);
}

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'baton-call-'));
  root = join(dir, 'checkout');
  home = join(root, '.baton');
  script(join(root, 'apps/cli/bin/baton.js'), '');
  mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
  symlinkSync(join(root, 'apps/cli/bin/baton.js'), join(root, 'node_modules/.bin/baton'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const caller = (more: Partial<Caller> = {}): Caller => ({
  root,
  home,
  workingDirectory: root,
  path: `${join(root, 'node_modules/.bin')}:/usr/bin`,
  npmScript: undefined,
  ...more,
});

describe('a hint names the command', () => {
  test('as it was called through npm, before any stack was started', () => {
    expect(callNameOf(caller({ npmScript: 'baton' }))).toBe('npm run baton --');
    expect(callNameOf(caller())).toBe('npm run baton --');
  });

  test('by its file where npx would find the package of somebody else', () => {
    const outside = caller({ workingDirectory: dir });
    expect(callNameOf(outside)).toBe(join(root, 'apps/cli/bin/baton.js'));
  });

  test('by its file where a package was installed and there is no stack yet: its name alone may be that of somebody else', () => {
    const installed = { root: join(dir, 'own/node_modules/baton-run'), home: join(dir, 'none'), path: '' };
    const nameFrom = (folder: string) => callNameOf(caller({ ...installed, workingDirectory: join(dir, folder) }));
    expect(nameFrom('own')).toBe('./node_modules/baton-run/apps/cli/bin/baton.js');
    script(join(dir, 'own/node_modules/.bin/baton-run'), '');
    expect(nameFrom('own')).toBe('./node_modules/.bin/baton-run');
    expect(nameFrom('elsewhere')).toBe(join(dir, 'own/node_modules/.bin/baton-run'));
  });

  test('by the shim of the stack, from where the user stands', () => {
    script(join(home, 'bin/baton'), formatShim(home, root));
    expect(callNameOf(caller())).toBe('./.baton/bin/baton');
    expect(callNameOf(caller({ workingDirectory: dir }))).toBe('./checkout/.baton/bin/baton');
    expect(callNameOf(caller({ workingDirectory: '/usr' }))).toBe(join(home, 'bin/baton'));
  });

  test('as `baton` where the PATH leads to it, of this stack or another of the checkout', () => {
    expect(callNameOf(caller({ path: `${join(home, 'bin')}:/usr/bin`, npmScript: 'baton' }))).toBe('baton');
    script(join(dir, 'other/bin/baton'), formatShim(join(dir, 'other'), root));
    expect(callNameOf(caller({ path: join(dir, 'other/bin') }))).toBe('baton');
  });

  test('not as `baton` where the PATH leads to somebody else', () => {
    script(join(dir, 'theirs/baton'), '#!/bin/sh\n');
    expect(callNameOf(caller({ path: `${join(dir, 'theirs')}:${join(home, 'bin')}` }))).toBe('./.baton/bin/baton');
  });
});

test('only hints of a text are put in the words of the user', () => {
  const text = 'Start with `baton up`.\n  $ baton run list\nbaton: the baton is passed; `baton` and `batons`';
  expect(asCalled(text, './bin/baton')).toBe(
    'Start with `./bin/baton up`.\n  $ ./bin/baton run list\nbaton: the baton is passed; `baton` and `batons`',
  );
  expect(asCalled(text, 'baton')).toBe(text);
  expect(asCalled('`npm start`, then `baton run list`', './baton-run', './baton-run')).toBe(
    '`./baton-run`, then `./baton-run run list`',
  );
});
