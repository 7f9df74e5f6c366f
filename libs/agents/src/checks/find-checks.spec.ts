import { expect, test } from 'vitest';
import type { LookedAt } from './check.js';
import { findChecks } from './find-checks.js';

const workspace = (files: Readonly<Record<string, string>>): LookedAt => ({
  paths: Object.keys(files).toSorted(),
  text: async (path) => files[path] ?? null,
});
const found = async (files: Readonly<Record<string, string>>) => {
  const { source, setUp, checks } = await findChecks(workspace(files));
  return { source, setUp: setUp?.command ?? null, checks: checks.map(({ name, command }) => `${name}: ${command}`) };
};

test.each([
  ['.baton/tools.yaml', 'is no text in UTF-8'],
  ['.baton/tools.yml', 'is what it has to be called, and .baton/tools.yml is not read'],
  ['.baton/Tools.yaml', 'is what it has to be called, and .baton/Tools.yaml is not read'],
])('what is meant to say it and is not read is never passed over: %s', async (path, why) => {
  const looked: LookedAt = { paths: [path, 'package.json'], text: async () => null };
  await expect(findChecks(looked)).rejects.toMatchObject({
    code: 'tools-file-broken',
    message: expect.stringContaining(why),
  });
});

test('a workspace says itself how it is judged', async () => {
  const text = `
setup: { command: npm ci, hosts: [npm.corp:4873], lockfiles: [package-lock.json], fills: [node_modules], scratch: [node_modules/.prisma] }
checks:
  - { name: tests, command: npm test, timeoutSeconds: 60, arguments: true, findings: { format: junit, file: out/junit.xml } }
  - name: lint
    command: npx eslint . --format json
    arguments: [--quiet, "src/*"]
    setup: false
    failsOn: [1]
    findings: { format: eslint }
`;
  expect(
    await findChecks(workspace({ '.baton/tools.yaml': text, 'package.json': '{"scripts":{"test":"x"}}' })),
  ).toEqual({
    source: 'file',
    setUp: {
      command: 'npm ci',
      timeoutMs: 600_000,
      hosts: expect.arrayContaining(['registry.npmjs.org', 'pypi.org', 'npm.corp:4873']),
      lockfiles: ['package-lock.json'],
      fills: ['node_modules'],
      scratch: ['node_modules/.prisma'],
    },
    deploy: null,
    checks: [
      {
        name: 'tests',
        command: 'npm test',
        timeoutMs: 60_000,
        failsOn: null,
        findings: { format: 'junit', from: { file: 'out/junit.xml' } },
        takes: 'plain',
        needsSetUp: true,
      },
      {
        name: 'lint',
        command: 'npx eslint . --format json',
        timeoutMs: 300_000,
        failsOn: [1],
        findings: { format: 'eslint', from: 'output' },
        takes: ['--quiet', 'src/*'],
        needsSetUp: false,
      },
    ],
  });
});

test.each([
  ['checks: [{ name: tests, comand: x }]', /checks\[0\] has no key comand \(did you mean command\?\)/],
  ['chekcs: []', /has no key chekcs \(did you mean checks\?\); there are setup, checks, deploy/],
  ['checks: []', /names no check/],
  ['checks: [{ name: a, command: x }, { name: a, command: y }]', /the name a is given twice/],
  ['checks: [{ name: Not A Word, command: x }]', /checks\[0\]\.name must be a word/],
  ['checks: [{ name: a, command: "" }]', /checks\[0\]\.command is empty/],
  ['checks: [{ name: a, command: x, findings: { format: xml } }]', /checks\[0\]\.findings\.format/],
  [
    'setup: { command: x, fills: [x], hosts: ["http://x/"] }\nchecks: [{ name: a, command: x }]',
    /setup\.hosts\[0\] must be the name of a host/,
  ],
  ['setup: { command: x }\nchecks: [{ name: a, command: x }]', /setup\.fills must name the folders that it fills/],
  ['setup: { command: x, fills: [] }\nchecks: [{ name: a, command: x }]', /setup\.fills names no folder/],
  [
    'setup: { command: x, fills: [../x] }\nchecks: [{ name: a, command: x }]',
    /setup\.fills\[0\] must be a relative path/,
  ],
  [
    'setup: { command: x, fills: [/x] }\nchecks: [{ name: a, command: x }]',
    /setup\.fills\[0\] must be a relative path/,
  ],
  [
    'setup: { command: x, fills: [a], scratch: [b] }\nchecks: [{ name: a, command: x }]',
    /setup\.scratch must lie within/,
  ],
  ['checks: [{ name: setup, command: x }]', /checks\[0\]\.name cannot be setup/],
  ['checks: [{ name: a, command: x, arguments: "-v" }]', /checks\[0\]\.arguments must be true, or a list of words/],
  ['checks: [{ name: a, command: x', /is no YAML/],
  ['setup: { fills: [a] }\nchecks: [{ name: a, command: x }]', /setup\.command is missing; it is a text/],
  ['checks: [{ name: a, command: 7 }]', /checks\[0\]\.command must be a text, not a number/],
  ['checks: 7', /checks must be a list, not a number/],
  ['checks: [{ name: a, command: x, timeoutSeconds: 9999 }]', /timeoutSeconds must be .*3600/],
  ['a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b, *b]', /has no key a/],
  ['', /tools\.yaml/],
  [`checks: [{ name: a, command: ${'x'.repeat(70_000)} }]`, /has more than 65536 bytes/],
])('a file that cannot be read says what is wrong with it: %.40s', async (text, reason) => {
  await expect(findChecks(workspace({ '.baton/tools.yaml': text }))).rejects.toMatchObject({
    code: 'tools-file-broken',
    message: expect.stringMatching(reason),
  });
});

test('without such a file the scripts of a package are the checks', async () => {
  const manifest = {
    scripts: { test: 'vitest run', lint: 'eslint .', 'check:types': 'tsc -p .', build: 'vite build', start: 'node .' },
    devDependencies: { vitest: '5' },
  };
  expect(
    await found({ 'package.json': JSON.stringify(manifest), 'package-lock.json': '{}', 'tsconfig.json': '{}' }),
  ).toEqual({
    source: 'detected',
    setUp: expect.stringMatching(/^npm ci --ignore-scripts && /),
    checks: ['types: tsc -p .', 'lint: eslint .', 'build: vite build', 'tests: vitest run'],
  });
});

test('a package without scripts for it is checked by its compiler and by the tests that lie there', async () => {
  const manifest = {
    scripts: { test: 'echo "Error: no test specified" && exit 1' },
    devDependencies: { typescript: '7' },
  };
  const files = { 'package.json': JSON.stringify(manifest), 'tsconfig.json': '{}', 'src/a.test.ts': '' };
  expect((await found(files)).checks).toEqual([
    'types: tsc --noEmit --pretty false',
    'tests: node --test --test-reporter=tap',
  ]);
  expect(await found({ 'package.json': '{}', 'a.test.js': '' })).toMatchObject({
    setUp: null,
    checks: ['tests: node --test --test-reporter=tap'],
  });
});

test('Python, Rust and Go, and several of them in one workspace', async () => {
  expect(
    await found({
      'pyproject.toml': '[tool.ruff]\n[tool.pytest.ini_options]\n[tool.mypy]\n',
      'requirements.txt': 'x==1',
    }),
  ).toMatchObject({
    setUp: expect.stringContaining('pip install'),
    checks: [
      'lint: python3 -m ruff check --output-format=json .',
      'types: python3 -m mypy .',
      'tests: python3 -m pytest -q --junitxml=.baton-tests.xml',
    ],
  });
  expect(await found({ 'test_sum.py': '' })).toMatchObject({
    setUp: null,
    checks: ['tests: python3 -m unittest discover'],
  });
  expect((await found({ 'Cargo.toml': '', 'go.mod': '', 'package.json': '{"scripts":{"test":"x"}}' })).checks).toEqual([
    'tests: x',
    'build: cargo check --offline --quiet',
    'tests-2: cargo test --offline --quiet',
    'lint: go vet ./...',
    'tests-3: go test ./...',
  ]);
});

test.each([
  [{ 'package-lock.json': '' }, /^npm ci /, ['package-lock.json', 'package.json'], ['node_modules']],
  [
    { 'pnpm-lock.yaml': '', '.npmrc': '' },
    /^pnpm install --frozen/,
    ['.npmrc', 'package.json', 'pnpm-lock.yaml'],
    ['node_modules'],
  ],
  [
    { 'yarn.lock': '', '.yarnrc.yml': '', 'src/a.ts': '' },
    /1\.\*\) yarn install --frozen-lockfile --ignore-scripts;; \*\) yarn install --immutable --mode=skip-build;;/,
    ['.yarnrc.yml', 'package.json', 'yarn.lock'],
    ['node_modules'],
  ],
  [{}, /^npm install .*--no-package-lock/, ['package.json'], ['node_modules']],
  [
    { 'requirements.txt': '', 'requirements-dev.txt': '', 'package.json': '{}' },
    /venv \.venv && \.venv\/bin\/pip install -r requirements\.txt -r requirements-dev\.txt$/,
    ['requirements-dev.txt', 'requirements.txt'],
    ['.venv'],
  ],
  [
    { 'uv.lock': '', 'pyproject.toml': '[project]', 'package.json': '{}' },
    /^uv sync --frozen/,
    ['pyproject.toml', 'uv.lock'],
    ['.venv'],
  ],
  [
    { 'pyproject.toml': '[project]\ndependencies = ["six"]\n', 'package.json': '{}' },
    /pip install -r \.needed\.txt$/,
    ['pyproject.toml'],
    ['.venv'],
  ],
  [
    { 'Cargo.toml': '', 'Cargo.lock': '', 'a/Cargo.toml': '', 'package.json': '{}' },
    /cargo fetch --locked$/,
    ['Cargo.lock', 'Cargo.toml', 'a/Cargo.toml'],
    ['.cargo-home'],
  ],
  [{ 'go.mod': '', 'go.sum': '', 'package.json': '{}' }, /^go mod download$/, ['go.mod', 'go.sum'], ['.go-modules']],
] as const)('a workspace with %j is prepared from its lockfiles alone', async (files, command, lockfiles, fills) => {
  const manifest = { 'package.json': '{"dependencies":{"a":"1"}}' };
  const { setUp } = await findChecks(workspace({ ...manifest, ...files }));
  expect(setUp?.command).toMatch(command);
  expect(setUp?.lockfiles.toSorted()).toEqual(lockfiles);
  expect(setUp?.fills).toEqual(fills);
});

test('packages within a workspace are prepared with it, and two kinds of packages by one set-up', async () => {
  const files = {
    'package.json': '{"workspaces":["packages/*"]}',
    'packages/a/package.json': '{}',
    'package-lock.json': '',
  };
  expect((await findChecks(workspace({ ...files, 'requirements.txt': '' }))).setUp).toMatchObject({
    command: expect.stringMatching(/^\{ npm ci .*; \} && \{ python3 -m venv .*; \}$/),
    lockfiles: ['package-lock.json', 'package.json', 'packages/a/package.json', 'requirements.txt'],
    fills: ['node_modules', 'packages/a/node_modules', '.venv'],
  });
});

test.each(['{', '[]', '"x"', '{"scripts": 1, "dependencies": "x"}', '\u0000'])(
  'a manifest that is none gives no checks, and throws nothing: %s',
  async (text) => {
    expect(await found({ 'package.json': text })).toMatchObject({ setUp: null, checks: [] });
  },
);

test('what the base says of its checks counts, whatever its manifests say now; what it lacked is found in the files', async () => {
  const commands = async (now: Readonly<Record<string, string>>, base: Readonly<Record<string, string>>) =>
    (await findChecks(workspace(now), workspace(base))).checks.map(({ name, command }) => `${name}: ${command}`);
  const scripts = (test: string) => ({ 'package.json': JSON.stringify({ scripts: { test, lint: 'true' } }) });
  const base = { 'package.json': '{"scripts":{"test":"vitest run"}}' };
  expect(await commands(scripts('true'), base)).toEqual(['tests: vitest run', 'lint: true']);
  expect(await commands({}, base)).toEqual(['tests: vitest run']);
  expect(await commands({ ...base, '.baton/tools.yaml': 'checks: [{ name: a, command: b }]' }, base)).toEqual([
    'tests: vitest run',
  ]);
  expect(await commands({ ...base, 'test_sum.py': '' }, base)).toEqual([
    'tests: vitest run',
    'tests-2: python3 -m unittest discover',
  ]);
  expect(await commands(scripts('vitest run'), {})).toEqual(['lint: true', 'tests: vitest run']);
  expect(await commands({ 'package.json': '{}', 'a.test.ts': '' }, { 'package.json': '{}' })).toEqual([
    'tests: node --test --test-reporter=tap',
  ]);
});
