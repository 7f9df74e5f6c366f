import { describe, expect, test } from 'vitest';
import { createCatalog } from './catalog.js';
import { compareVersions } from './compare-versions.js';
import { document } from './testing/document.js';

const shipped = (version: string, name = 'two-steps') => ({
  document: { ...document, name, version },
  sha256: 'a'.repeat(64),
  file: `${name}-${version}.yaml`,
});

describe('a catalog', () => {
  test('finds a workflow by its name and version', async () => {
    const catalog = createCatalog([shipped('1.0.0')]);
    expect((await catalog.find('two-steps@1.0.0'))?.document.title).toBe('Plan and code');
    expect(await catalog.find('two-steps@1.0.1')).toBeUndefined();
    expect(await catalog.find('three-steps')).toBeUndefined();
  });

  test('finds the newest version by the name alone, by number and not by letter', async () => {
    const catalog = createCatalog([
      shipped('1.9.0'),
      shipped('1.10.0'),
      shipped('0.99.99'),
      shipped('1.0.0', 'another'),
    ]);
    expect((await catalog.find('two-steps'))?.document.version).toBe('1.10.0');
    const { workflows } = await catalog.list();
    expect(workflows.map(({ document: { name, version } }) => `${name}@${version}`)).toEqual([
      'another@1.0.0',
      'two-steps@1.10.0',
      'two-steps@1.9.0',
      'two-steps@0.99.99',
    ]);
    expect(await catalog.names()).toEqual(['another', 'two-steps']);
  });

  test('is refused when two files define the same version', () => {
    expect(() => createCatalog([shipped('1.0.0'), { ...shipped('1.0.0'), file: 'other.yaml' }])).toThrow(
      'other.yaml and two-steps-1.0.0.yaml both define workflow two-steps@1.0.0.',
    );
  });
});

test.each([
  ['1.2.3', '1.2.3', 0],
  ['1.2.3', '1.2.4', -1],
  ['2.0.0', '1.99.99', 1],
  ['1.0.9007199254740993', '1.0.9007199254740992', 1],
])('version %s against %s', (a, b, order) => {
  expect(compareVersions(a, b)).toBe(order);
});
