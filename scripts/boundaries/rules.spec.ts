import { describe, expect, test } from 'vitest';
import { findCycles } from './cycles.js';
import { parseModule } from './parse-module.js';
import {
  dependencyRule,
  environmentInOneFile,
  frameworksInTheirPlace,
  noCycles,
  noDeepImports,
  noUndeclaredDependency,
  noUnusedDependency,
  purity,
  referencesMatchDependencies,
} from './rules.js';
import type { Package, Workspace } from './workspace.js';

/** A package in memory; `folder` such as `libs/asl` gives its name. */
function unit(folder: string, files: Record<string, string>, facts: Partial<Package> = {}): Package {
  return {
    name: `@baton/${folder.split('/')[1]}`,
    folder,
    dependencies: [],
    devDependencies: [],
    exports: ['./package.json', '.'],
    references: [],
    files: Object.entries(files).map(([path, source]) => ({
      path,
      isTest: path.endsWith('.spec.ts'),
      facts: parseModule(source),
    })),
    ...facts,
  };
}

const workspace = (...packages: Package[]): Workspace => ({
  packages,
  shared: ['vitest'],
  peersOf: (dependency) => (dependency === '@nestjs/core' ? ['rxjs'] : []),
});

describe('the dependency rule', () => {
  test('catches a lib that declares or imports what it may not', () => {
    const contracts = unit('libs/contracts', { 'index.ts': `export { x } from '@baton/asl';` });
    const asl = unit('libs/asl', {}, { dependencies: ['@baton/contracts'] });
    expect(dependencyRule(workspace(contracts, asl))).toEqual([
      'libs/asl/package.json: @baton/asl may not use @baton/contracts',
      'libs/contracts/src/index.ts:1: @baton/contracts may not use @baton/asl',
    ]);
  });

  test('lets an app use any lib but no other app, and the CLI only what it is allowed', () => {
    const asl = unit('libs/asl', {});
    const gateway = unit('apps/gateway', { 'a.ts': `import '@baton/asl'; import '@baton/planner';` });
    const cli = unit('apps/cli', { 'a.ts': `import type { A } from '@baton/asl';` });
    expect(dependencyRule(workspace(asl, gateway, cli, unit('apps/planner', {})))).toEqual([
      'apps/gateway/src/a.ts:1: @baton/gateway may not use @baton/planner',
      'apps/cli/src/a.ts:1: @baton/cli may not use @baton/asl',
    ]);
  });

  test('asks for a place for every new lib', () => {
    expect(dependencyRule(workspace(unit('libs/utils', {})))).toEqual([
      'libs/utils: @baton/utils has no place in the dependency rule',
    ]);
  });
});

describe('cycles', () => {
  test('are found between packages', () => {
    const one = unit('libs/one', {}, { dependencies: ['@baton/two'] });
    const two = unit('libs/two', {}, { dependencies: ['@baton/one'] });
    expect(noCycles(workspace(one, two))).toEqual([
      'packages depend on each other: @baton/one → @baton/two → @baton/one',
    ]);
  });

  test('are found between files, through re-exports, types and folders', () => {
    const asl = unit('libs/asl', {
      'a.ts': `import type { B } from './deep/b.js';`,
      'deep/b.ts': `export { c } from '../c.js';`,
      'c.ts': `export const c = import('./a.js');`,
      'd.ts': `import './a.js';`,
    });
    expect(noCycles(workspace(asl))).toEqual(['libs/asl/src: files import each other: a.ts → deep/b.ts → c.ts → a.ts']);
  });

  test('a file that imports itself is one, and a diamond is none', () => {
    expect(findCycles(new Map([['a', ['a']]]))).toEqual([['a', 'a']]);
    expect(
      findCycles(
        new Map([
          ['a', ['b', 'c']],
          ['b', ['d']],
          ['c', ['d']],
          ['d', ['unknown']],
        ]),
      ),
    ).toEqual([]);
  });
});

test('deep imports are caught: past the entries, out of the package, into its own name, and test entries in other code', () => {
  const store = unit('libs/event-store', {}, { exports: ['.', './testing'] });
  const gateway = unit('apps/gateway', {
    'a.ts': `import '@baton/event-store/src/append.js';`,
    'b.ts': `import '../../planner/src/main.js';`,
    'c.ts': `import '@baton/gateway';`,
    'd.ts': `import '@baton/event-store/testing';`,
    'd.spec.ts': `import '@baton/event-store/testing'; import '@baton/event-store';`,
  });
  expect(noDeepImports(workspace(store, gateway))).toEqual([
    'apps/gateway/src/a.ts:1: @baton/event-store/src/append.js is not an entry of @baton/event-store',
    'apps/gateway/src/b.ts:1: ../../planner/src/main.js leaves the package',
    'apps/gateway/src/c.ts:1: @baton/gateway imports its own package by name',
    'apps/gateway/src/d.ts:1: @baton/event-store/testing is for tests only',
  ]);
});

test('undeclared dependencies are caught, those of the root only outside tests', () => {
  const llm = unit(
    'libs/llm',
    {
      'a.ts': `import { z } from 'zod';\nimport 'pg/lib/x.js';\nimport '@scope/name/deep';\nimport 'node:fs';\nimport 'fs';\nimport 'vitest';`,
      'a.spec.ts': `import 'vitest';`,
    },
    { dependencies: ['zod'] },
  );
  expect(noUndeclaredDependency(workspace(llm))).toEqual([
    'libs/llm/src/a.ts:2: pg is not a dependency of @baton/llm',
    'libs/llm/src/a.ts:3: @scope/name is not a dependency of @baton/llm',
    'libs/llm/src/a.ts:5: fs is not a dependency of @baton/llm',
    'libs/llm/src/a.ts:6: vitest is not a dependency of @baton/llm',
  ]);
});

test('unused dependencies are caught, and what is resolved or a peer of a used one counts as used', () => {
  const agents = unit(
    'apps/gateway',
    {
      'a.ts': `import '@nestjs/core'; const compiler = import.meta.resolve('typescript/package.json');`,
      'a.spec.ts': `import 'pg';`,
    },
    { dependencies: ['@nestjs/core', 'rxjs', 'typescript', 'pg', 'left-pad'], devDependencies: ['right-pad'] },
  );
  expect(noUnusedDependency(workspace(agents))).toEqual([
    'apps/gateway/package.json: pg is used by tests only: a devDependency',
    'apps/gateway/package.json: nothing uses left-pad',
    'apps/gateway/package.json: nothing uses right-pad',
  ]);
});

describe('purity', () => {
  const violationsOf = (source: string): readonly string[] =>
    purity(workspace(unit('libs/workflow', { 'a.ts': source }))).map((violation) =>
      violation.replace(/^.*pure code may not /, ''),
    );

  test.each([
    [`import 'node:crypto';`, 'import node:crypto'],
    [`const m = await import('node:fs');`, 'import node:fs'],
    [`import { Injectable } from '@nestjs/common';`, 'import @nestjs/common'],
    [`const t = Date.now();`, 'use Date.now'],
    [`const t = new Date();`, 'use new Date()'],
    [`const t = Date();`, 'use new Date()'],
    [`const r = Math.random();`, 'use Math.random'],
    [`const { random } = { random: Math.random };`, 'use Math.random'],
    [`const u = process.uptime();`, 'use process'],
    [`setTimeout(() => {}, 1);`, 'use setTimeout'],
    [`const wait = { setTimeout };`, 'use setTimeout'],
    [`const id = crypto.randomUUID();`, 'use crypto'],
    [`const now = globalThis.Date;`, 'use globalThis'],
    [`const p = performance.now();`, 'use performance'],
    [`const a = process as unknown;`, 'use process'],
  ])('%s is caught', (source, violation) => {
    expect(violationsOf(source)).toEqual([violation]);
  });

  test.each([
    `const at = new Date(command.recordedAt).getTime();`,
    `const ms = Date.parse(text);`,
    `const s = run.process; const o = { process: 1, setTimeout: 2 };`,
    `interface Meta { readonly process: string; fetch(): void }`,
    `class A { process() {} }`,
    `import { x } from './process.js';`,
  ])('%s is fine', (source) => {
    expect(violationsOf(source)).toEqual([]);
  });

  test('is asked of the language and the workflow only, and not of their tests', () => {
    const impure = `const t = Date.now();`;
    expect(purity(workspace(unit('libs/llm', { 'a.ts': impure }), unit('libs/asl', { 'a.spec.ts': impure })))).toEqual(
      [],
    );
  });
});

test.each(['process.env.HOME', `process['env']`, `(() => { const { env } = process; return env; })()`])(
  'the environment read by %s outside of env.ts is caught, and a second env.ts too',
  (expression) => {
    const read = `export const home = ${expression};`;
    const misplaced = unit('apps/cli', { 'main.ts': read, 'env.ts': read, 'a.spec.ts': read });
    const twice = unit('apps/gateway', { 'env.ts': read, 'other/env.ts': read });
    expect(environmentInOneFile(workspace(misplaced, twice))).toEqual([
      'apps/cli/src/main.ts: process.env is read in env.ts only',
      'apps/gateway/src/other/env.ts: a second file that reads process.env',
    ]);
  },
);

test('Nest in a lib that has no business with it and RxJS outside messaging are caught', () => {
  const files = { 'a.ts': `import '@nestjs/common';\nimport { map } from 'rxjs/operators';` };
  expect(
    frameworksInTheirPlace(
      workspace(unit('libs/llm', files), unit('libs/messaging', files), unit('apps/planner', files)),
    ),
  ).toEqual([
    'libs/llm/src/a.ts:1: @baton/llm may not use Nest',
    'libs/llm/src/a.ts:2: RxJS is for messaging only',
    'apps/planner/src/a.ts:2: RxJS is for messaging only',
  ]);
});

test('a missing and a needless project reference are caught', () => {
  const contracts = unit('libs/contracts', {});
  const asl = unit('libs/asl', {});
  const llm = unit('libs/llm', {}, { dependencies: ['@baton/contracts', 'zod'], references: ['libs/asl'] });
  expect(referencesMatchDependencies(workspace(contracts, asl, llm))).toEqual([
    'libs/llm/tsconfig.json: no reference to libs/contracts',
    'libs/llm/tsconfig.json: a reference to libs/asl, which is no dependency',
  ]);
});

test('decorators, parameter properties and every form of import are understood', () => {
  const source = `
    import a from 'a'; import type { B } from 'b'; export * from 'c'; export { d } from 'd'; import e = require('e');
    @Injectable() export class X { constructor(@Inject('x') private readonly y: import('f').Y, readonly z?: unknown) {} }
    const g = import('g'); enum H { one } namespace N { export type T = 1 } declare module 'not-an-import' {}`;
  expect(
    parseModule(source)
      .imports.map(({ specifier }) => specifier)
      .sort(),
  ).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  expect(() => parseModule('const = ;')).toThrow();
});
