import { describe, expect, test } from 'vitest';
import {
  dependencyRule,
  nestInItsPlace,
  noImportOfOneself,
  noNestForUsersWorkers,
  oneWayInside,
  referencesMatchDependencies,
} from './rules.js';
import type { Package, Workspace } from './workspace.js';

/** A package in memory; `folder` such as `libs/asl` gives its name. */
const unit = (folder: string, facts: Partial<Package> = {}): Package => ({
  name: `@baton/${folder.split('/')[1]}`,
  folder,
  isForTests: false,
  dependencies: [],
  devDependencies: [],
  references: [],
  files: [],
  ...facts,
});

const workspace = (...packages: Package[]): Workspace => ({ packages });

describe('the dependency rule', () => {
  test('catches a lib that declares what it may not, for its tests too', () => {
    const contracts = unit('libs/contracts', { devDependencies: ['@baton/asl'] });
    const asl = unit('libs/asl', { dependencies: ['@baton/contracts', 'jsonata'] });
    expect(dependencyRule(workspace(contracts, asl))).toEqual([
      'libs/contracts/package.json: @baton/contracts may not use @baton/asl',
      'libs/asl/package.json: @baton/asl may not use @baton/contracts',
    ]);
  });

  test('lets an app use any lib but no other app, and the CLI only what it is allowed', () => {
    const asl = unit('libs/asl');
    const gateway = unit('apps/gateway', { dependencies: ['@baton/asl', '@baton/planner'] });
    const cli = unit('apps/cli', { dependencies: ['@baton/asl'] });
    expect(dependencyRule(workspace(asl, gateway, cli, unit('apps/planner')))).toEqual([
      'apps/gateway/package.json: @baton/gateway may not use @baton/planner',
      'apps/cli/package.json: @baton/cli may not use @baton/asl',
    ]);
  });

  test('lets only an app for tests use a lib for tests', () => {
    const stack = unit('libs/test-stack', { isForTests: true });
    const gateway = unit('apps/gateway', { devDependencies: ['@baton/test-stack'] });
    const bench = unit('apps/bench', { dependencies: ['@baton/test-stack'], isForTests: true });
    expect(dependencyRule(workspace(stack, gateway, bench))).toEqual([
      'apps/gateway/package.json: @baton/gateway may not use @baton/test-stack',
    ]);
  });

  test('asks for a place for every new lib', () => {
    expect(dependencyRule(workspace(unit('libs/utils')))).toEqual([
      'libs/utils: @baton/utils has no place in the dependency rule',
    ]);
  });
});

test('Nest is for apps and for the libs that put services together', () => {
  const nest = { dependencies: ['@nestjs/common', 'zod'] };
  const packages = workspace(unit('libs/llm', nest), unit('libs/queue-service', nest), unit('apps/planner', nest));
  expect(nestInItsPlace(packages)).toEqual(['libs/llm/package.json: @baton/llm may not use Nest']);
});

test('Nest that comes along with what a worker of a user is made with is caught, with the way', () => {
  const worker = unit('libs/worker', { dependencies: ['@baton/messaging', 'zod'] });
  const messaging = unit('libs/messaging', { dependencies: ['@baton/contracts', '@nestjs/core'] });
  const apart = unit('libs/worker-service', { dependencies: ['@baton/worker', '@nestjs/common'] });
  expect(noNestForUsersWorkers(workspace(worker, messaging, apart))).toEqual([
    '@baton/worker → @baton/messaging → @nestjs/core',
  ]);
});

test.each([
  `import { x } from '@baton/llm';`,
  `export * from '@baton/llm/testing';`,
  `const x = await import('@baton/llm');`,
  `import '@baton/llm';`,
])('a package that imports itself by %s is caught', (text) => {
  const files = [
    { path: 'a.ts', text },
    { path: 'b.ts', text: `import '@baton/llm-tools'; const name = '@baton/llm';` },
  ];
  expect(noImportOfOneself(workspace(unit('libs/llm', { files }), unit('libs/asl', { files })))).toEqual([
    'libs/llm/src/a.ts: imports its own package by name',
  ]);
});

test('a missing and a needless project reference are caught', () => {
  const contracts = unit('libs/contracts');
  const asl = unit('libs/asl');
  const llm = unit('libs/llm', { dependencies: ['@baton/contracts', 'zod'], references: ['libs/asl'] });
  expect(referencesMatchDependencies(workspace(contracts, asl, llm))).toEqual([
    'libs/llm/tsconfig.json: no reference to libs/contracts',
    'libs/llm/tsconfig.json: a reference to libs/asl, which is no dependency',
  ]);
});

describe('the folders of a package', () => {
  const circles = (files: Readonly<Record<string, string>>): readonly string[] =>
    oneWayInside(workspace(unit('libs/llm', { files: Object.entries(files).map(([path, text]) => ({ path, text })) })));

  test('may not use each other, although no two files do', () => {
    expect(
      circles({
        'a/x.ts': `import { y } from '../b/y.js';`,
        'a/z.ts': '',
        'b/y.ts': '',
        'b/w.ts': `import type { Z } from '../a/z.js';`,
      }),
    ).toEqual(['libs/llm/src: a/x.ts imports b/y.ts, b/w.ts imports a/z.ts']);
  });

  test('may not use each other by way of a third', () => {
    const files = {
      'a/x.ts': `import '../b/x.js';`,
      'b/x.ts': `import '../c/x.js';`,
      'c/x.ts': `const y = await import('../a/y.js');`,
      'a/y.ts': '',
    };
    expect(circles(files)).toEqual([
      'libs/llm/src: a/x.ts imports b/x.ts, b/x.ts imports c/x.ts, c/x.ts imports a/y.ts',
    ]);
  });

  test('may use a file beside them that does not use them, and tests may use what they like', () => {
    expect(
      circles({
        'hub.ts': `import './rounds/a.js'; import './state.js';`,
        'state.ts': '',
        'rounds/a.ts': `import '../state.js';`,
        'state.spec.ts': `import './hub.js';`,
        'rounds/a.spec.ts': `import '../hub.js';`,
        'testing/b.ts': `import '../hub.js';`,
      }),
    ).toEqual([]);
  });
});
