import { lookup } from 'node:dns/promises';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { privateKindOf } from '@baton/outbound';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bare, hasSandbox } from '../testing/sandboxes.js';
import { judge, rules, settingsOf } from './testing/judged.js';
import { openNpmRegistry, type Published } from './testing/npm-registry.js';
import { findToolchains } from './toolchains.js';

const whereIs = (name: string): string | null =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file)) ?? null;

async function registryWith(...packages: readonly Published[]) {
  const registry = await openNpmRegistry(packages);
  onTestFinished(registry.close);
  return registry;
}

const DOUBLE: Published = { name: 'double', files: { 'index.js': 'module.exports = (x) => 2 * x;' } };
const TEST = `const { test } = require('node:test');
test('doubles', () => require('node:assert').equal(require('double')(2), 4));
`;

/** A repository with npm dependencies, as there are many; nothing in it knows of Baton. */
async function project(...packages: readonly Published[]) {
  const registry = await registryWith(...packages);
  const { host, url, lockfile, dependencies } = registry;
  const manifest = { name: 'project', scripts: { test: 'node --test --test-reporter=tap' }, dependencies };
  return {
    registry,
    settings: { registries: { npm_config_registry: url }, ownNetwork: rules(host) },
    files: { 'package.json': JSON.stringify(manifest), 'package-lock.json': lockfile, 'double.test.js': TEST },
  };
}

describe.skipIf(!hasSandbox)('a repository with npm dependencies', () => {
  it('passes: they are fetched through the one way out, and shown to its checks', async () => {
    const { files, settings, registry } = await project(DOUBLE);
    const report = await judge(files, settingsOf(onTestFinished, settings));
    expect(report).toMatchObject({ passed: true, failing: [], leftOut: [], reason: null });
    expect(report.tools.map(({ tool, status }) => `${tool} ${status}`)).toEqual(['setup passed', 'tests passed']);
    expect(report.setUp).toMatchObject({
      from: 'run',
      command: expect.stringContaining('npm ci'),
      key: expect.stringMatching(/^[0-9a-f]{64}$/),
      execution: { driver: 'bwrap', exitCode: 0, stopped: null, outputSha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      hosts: [{ host: registry.host, receivedBytes: expect.any(Number) }],
      refused: [],
    });
    expect(report.setUp?.hosts[0]?.receivedBytes).toBeGreaterThan(100);
    expect(registry.asked).toContain('/double/-/double-1.0.0.tgz');
  });

  it('is prepared once: the next round takes what was kept, also of a service that has just started', async () => {
    const { files, settings, registry } = await project(DOUBLE);
    const all = settingsOf(onTestFinished, settings);
    await judge(files, all);
    const asked = registry.asked.length;
    const again = await judge({ ...files, 'other.txt': 'changed' }, all);
    expect(again).toMatchObject({ passed: true, setUp: { from: 'cache', execution: { exitCode: 0 } } });
    expect(registry.asked).toHaveLength(asked);
  });

  it('whose lockfile does not fit its manifest fails with what npm says of it, and its checks did not run', async () => {
    const { files, settings } = await project(DOUBLE);
    const manifest = JSON.stringify({ ...JSON.parse(files['package.json']), dependencies: { double: '2.0.0' } });
    const report = await judge({ ...files, 'package.json': manifest }, settingsOf(onTestFinished, settings));
    expect(report).toMatchObject({ passed: false, failing: ['setup'], notRun: ['tests'] });
    expect(report.tools[0]?.findings[0]?.message).toMatch(
      /npm ci.* ended with exit code 1\. See what it printed[\s\S]*double/,
    );
    expect(report.tools[1]?.reason).toBe('It needs the set-up, which failed.');
    expect(report.setUp).toMatchObject({ from: 'run', execution: { exitCode: 1 } });
  });

  it('says in one sentence that this machine has no network, and is prepared when it has', async () => {
    const { files, settings } = await project(DOUBLE);
    const offline = settingsOf(onTestFinished, {
      ...settings,
      resolve: async () =>
        Promise.reject(Object.assign(new Error('getaddrinfo EAI_AGAIN'), { syscall: 'getaddrinfo' })),
    });
    const report = await judge(files, offline);
    expect(report).toMatchObject({ passed: false, failing: [], notRun: ['setup', 'tests'] });
    expect(report.reason).toMatch(
      /^setup and tests did not run, and what was not run did not pass\. `npm ci.*` reached none of its hosts \(localhost:\d+: its name cannot be found\), so this machine has no network, or none to them\. Connect it, name a registry/,
    );
    expect(report.setUp).toMatchObject({ hosts: [], unreachable: [{ reason: 'its name cannot be found' }] });
    expect(
      await judge(files, { ...offline, ...settingsOf(onTestFinished, settings), cacheDir: offline.cacheDir }),
    ).toMatchObject({
      passed: true,
    });
  });

  it('is held to the hosts of the operator, and says whose word it was', async () => {
    const { files, settings, registry } = await project(DOUBLE);
    const report = await judge(files, settingsOf(onTestFinished, { ...settings, onlyHosts: rules('npm.corp') }));
    expect(report.reason).toMatch(
      /asked for localhost:\d+, which was refused: it is not on the list of hosts\. .* in BATON_SETUP_HOSTS\./,
    );
    expect(registry.asked).toEqual([]);
  });

  it('has the scripts of its packages run in the sandbox, and not its own', async () => {
    const script = `require('fs').writeFileSync('built.js', 'module.exports = ' + JSON.stringify(process.cwd()))`;
    const built: Published = { ...DOUBLE, name: 'built', scripts: { install: `node -e ${JSON.stringify(script)}` } };
    const { files, settings } = await project(DOUBLE, built);
    const scripts = { test: 'node show.js', postinstall: 'echo of-the-workspace > node_modules/own' };
    const manifest = JSON.stringify({ ...JSON.parse(files['package.json']), scripts });
    const show = `const fs = require('fs');
      if (fs.existsSync('node_modules/own')) throw new Error('its own script ran');
      require('assert').match(require('./node_modules/built/built.js'), /^\\/work\\//);`;
    expect(
      await judge({ ...files, 'package.json': manifest, 'show.js': show }, settingsOf(onTestFinished, settings)),
    ).toMatchObject({
      passed: true,
    });
  });

  it('has a place for what tools write into its packages, which no other check sees', async () => {
    const { files, settings } = await project(DOUBLE);
    const command =
      'test ! -e node_modules/.cache/x && echo x > node_modules/.cache/x && mkdir node_modules/.vite/deps && ! touch node_modules/y';
    const scripts = { lint: command, test: `${command} && npm --version && node -e 'require("double")'` };
    const manifest = JSON.stringify({ ...JSON.parse(files['package.json']), scripts });
    const report = await judge({ ...files, 'package.json': manifest }, settingsOf(onTestFinished, settings));
    expect(report.tools.map(({ tool, status }) => `${tool} ${status}`)).toEqual([
      'setup passed',
      'lint passed',
      'tests passed',
    ]);
  });
});

it('what packages bring is executed in a sandbox only, also where everything else is executed without', async () => {
  const { files, settings, registry } = await project(DOUBLE);
  const all = settingsOf(onTestFinished, settings);
  const report = await judge(files, all, undefined, bare);
  expect(report).toMatchObject({ passed: false, notRun: ['setup', 'tests'] });
  expect(report.reason).toContain('was not run: what packages bring is executed in a sandbox only, and there is none.');
  expect(registry.asked).toEqual([]);
});

const rust = (await findToolchains((name) => whereIs(name))).length > 0 || existsSync('/usr/bin/cargo');

it.skipIf(!hasSandbox || !rust)(
  'a crate is built and tested, also by a compiler that lies in a home of this machine',
  async () => {
    const source = 'pub fn twice(x: u8) -> u8 { 2 * x }\n#[test]\nfn doubles() { assert_eq!(twice(2), 4); }\n';
    const manifest = '[package]\nname = "twice"\nversion = "0.1.0"\nedition = "2021"\n';
    const report = await judge({ 'Cargo.toml': manifest, 'src/lib.rs': source }, settingsOf(onTestFinished));
    expect(report.tools.map(({ tool, status }) => `${tool} ${status}`)).toEqual([
      ...['setup passed', 'build passed', 'tests passed'],
    ]);
  },
);

const NPM = 'registry.npmjs.org';
const addresses = await lookup(NPM, { all: true }).catch(() => []);
const answered = await fetch(`https://${NPM}/is-odd`, { signal: AbortSignal.timeout(15_000) }).then(
  (response) => (response.ok ? null : `it answered ${response.status}`),
  () => 'it did not answer',
);
if (answered !== null) process.stderr.write(`What needs ${NPM} is skipped: ${answered}.\n`);

it.skipIf(!hasSandbox || answered !== null)(
  'a repository that depends on packages of the registry of the world passes',
  async () => {
    // Some machines reach it through a gateway of their own; there an operator names it.
    const isPublic = addresses.every(({ address }) => privateKindOf(address) === null);
    const settings = settingsOf(onTestFinished, { ownNetwork: isPublic ? [] : rules(NPM) });
    const manifest = { scripts: { test: 'node --test --test-reporter=tap' }, dependencies: { 'is-odd': '3.0.1' } };
    const test = `require('node:test').test('odd', () => require('node:assert').ok(require('is-odd')(3)));`;
    const report = await judge({ 'package.json': JSON.stringify(manifest), 'odd.test.js': test }, settings);
    expect(report).toMatchObject({ passed: true, setUp: { hosts: [{ host: `${NPM}:443` }], refused: [] } });
  },
  120_000,
);
