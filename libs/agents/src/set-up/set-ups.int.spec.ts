import { describe, expect, it, onTestFinished } from 'vitest';
import { hasSandbox } from '../testing/sandboxes.js';
import { judge, rules, settingsOf } from './testing/judged.js';
import { openNpmRegistry, type Published } from './testing/npm-registry.js';

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
});
