import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RULES } from './boundaries/rules.js';
import { readWorkspace } from './boundaries/workspace.js';

describe('this repository', () => {
  const workspace = readWorkspace(join(import.meta.dirname, '..'));

  test('is read whole', () => {
    expect(workspace.packages.map((unit) => unit.name)).toEqual(
      expect.arrayContaining(['@baton/contracts', '@baton/cli']),
    );
    expect(workspace.packages.flatMap((unit) => unit.files).length).toBeGreaterThan(20);
  });

  test.each(Object.entries(RULES))('%s', (_, rule) => {
    expect(rule(workspace)).toEqual([]);
  });
});
