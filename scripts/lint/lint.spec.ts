import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Lints files as if they stood at these paths in this repository; what was found as `path:line rule`, sorted. */
function findings(files: Readonly<Record<string, string>>): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'baton-lint-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const path of ['biome.json', 'scripts/lint']) cpSync(join(root, path), join(folder, path), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const flags = ['--vcs-enabled=false', '--reporter=github', '--max-diagnostics=none', 'apps', 'libs'];
  const { stdout } = spawnSync(process.execPath, [biome, 'lint', ...flags], { cwd: folder, encoding: 'utf8' });
  const found = [...stdout.matchAll(/title=(\S+?),file=(\S+?),line=(\d+)/g)].map(
    ([, rule = '', path = '', line]) => `${path.slice(path.search(/(apps|libs)\//))}:${line} ${rule.split('/').at(-1)}`,
  );
  return [...new Set(found)].sort();
}

/** Each line of a text that ends in `// <rule>` is one that the rule finds. */
const expected = (files: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(files)
    .flatMap(([path, text]) =>
      text.split('\n').flatMap((line, index) => {
        const rule = / \/\/ (\w+)$/.exec(line)?.[1];
        return rule === undefined ? [] : [`${path}:${index + 1} ${rule}`];
      }),
    )
    .sort();

const manifest = JSON.stringify({
  dependencies: { zod: '4', rxjs: '7', '@baton/event-store': '*' },
  devDependencies: { 'fast-check': '4' },
});

test('what is impure is found in pure code, and only there', () => {
  const impure = `
import 'node:crypto'; // noRestrictedImports
export const m = await import('node:fs'); // noRestrictedImports
export const at = [Date.now()]; // noJsRestrictedProperties
export const b = new Date(); // plugin
export const c = Date(); // plugin
export const d = { random: Math.random }; // noJsRestrictedProperties
export const e = process.uptime(); // noRestrictedGlobals
setTimeout(() => {}, 1); // noRestrictedGlobals
export const f = { setTimeout }; // noRestrictedGlobals
export const g = crypto.randomUUID(); // noRestrictedGlobals
export const h = globalThis.Date; // noRestrictedGlobals
export const i = performance.now(); // noRestrictedGlobals
export const j = process as unknown; // noRestrictedGlobals
`;
  const pure = `
export const a = (ms: number) => new Date(ms).getTime() + Date.parse('2026-01-01');
export const b = { process: 1, setTimeout: 2 };
export interface Meta { readonly process: string; fetch(): void }
`;
  const files = { 'libs/asl/src/a.ts': impure, 'libs/workflow/src/deep/a.ts': impure, 'libs/asl/src/b.ts': pure };
  const elsewhere = impure.replaceAll(/ \/\/.*/g, '');
  expect(findings({ ...files, 'libs/asl/src/a.spec.ts': elsewhere, 'libs/llm/src/a.ts': elsewhere })).toEqual(
    expected(files),
  );
});

test('imports past the borders of a package are found', () => {
  const files = {
    'libs/llm/package.json': manifest,
    'libs/llm/src/a.ts': `
import 'zod';
import 'zod/mini';
import 'node:fs';
import 'fs'; // useNodejsImportProtocol
import 'fast-check'; // noUndeclaredDependencies
import type { X } from 'pg'; // noUndeclaredDependencies
export type { Z } from 'pg'; // noUndeclaredDependencies
export const later = import('@scope/name/deep'); // noUndeclaredDependencies
export type Y = import('zod').Y; // plugin
export { y } from '../../asl/src/y.js'; // noRestrictedImports
export const x: X = 1;
`,
    'libs/queue-service/package.json': manifest,
    'libs/llm/src/b.ts': `import 'rxjs/operators'; // noRestrictedImports`,
    'libs/llm/src/c.ts': `import '@baton/event-store/testing'; // noRestrictedImports`,
    'libs/llm/src/c.spec.ts': `import 'vitest';\nimport '@baton/event-store/testing';`,
    'libs/llm/src/testing/fake.ts': `import '@baton/event-store/testing';\nimport 'rxjs'; // noRestrictedImports`,
    'libs/queue-service/src/a.ts': `import 'rxjs';\nimport '@baton/event-store/testing'; // noRestrictedImports`,
  };
  expect(findings(files)).toEqual(expected(files));
});

test('files that import each other are found, by types too', () => {
  const files = {
    'libs/llm/src/a.ts': `import type { B } from './deep/b.js'; // noImportCycles\nexport type A = B;`,
    'libs/llm/src/deep/b.ts': `export { c } from '../c.js'; // noImportCycles\nexport type B = 1;`,
    'libs/llm/src/c.ts': `export const c = import('./a.js'); // noImportCycles`,
    'libs/llm/src/d.ts': `import './a.js';`,
    'libs/llm/src/e.ts': `export { e } from './e.js'; // noSelfImport`,
  };
  expect(findings(files)).toEqual(expected(files));
});

test('the environment is read in the env.ts of a package only', () => {
  const reads = `
export const a = process.env.HOME; // noJsRestrictedProperties
export const { env } = process; // noJsRestrictedProperties
export { env as b } from 'node:process'; // noRestrictedImports
`;
  const files = { 'apps/cli/src/main.ts': reads, 'libs/llm/src/env.ts': reads };
  const allowed = `export const a = process.env.HOME;`;
  const others = { 'apps/cli/src/environment.ts': allowed, 'apps/cli/src/a.spec.ts': allowed };
  expect(findings({ ...files, ...others })).toEqual(expected(files));
});
