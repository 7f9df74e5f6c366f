import { z } from 'zod';
import type { Check, LookedAt, SetUp, WorkspaceChecks } from './check.js';
import { goSetUp, nodeSetUp, pythonSetUp, rustSetUp, together } from './detect-set-up.js';

const MINUTES = 60_000;

interface Found {
  readonly setUp: SetUp | null;
  readonly checks: readonly Check[];
}

/**
 * How a workspace that does not say so itself is judged: what its files look like. Of several kinds in one workspace the
 * checks of all are taken, and one set-up does the work of all. A check that the base has is taken as the base has
 * it, also where its manifest says otherwise now or is gone: who is judged does not write it. What the base lacks, such as
 * tests where there were none, is found in the files as they are.
 */
export async function detectChecks(looked: LookedAt, base: LookedAt): Promise<WorkspaceChecks> {
  const found = await Promise.all(KINDS.map(async (kind) => withBase(await kind(looked), await kind(base))));
  const checks = found.flatMap((each) => each.checks);
  const names = new Set<string>();
  const once = checks.map((check) => {
    let { name } = check;
    for (let n = 2; names.has(name); n += 1) name = `${check.name}-${n}`;
    names.add(name);
    return { ...check, name };
  });
  return {
    source: 'detected',
    setUp: together(found.flatMap(({ setUp }) => setUp ?? [])),
    checks: once,
    deploy: null,
  };
}

function withBase(now: Found, base: Found): Found {
  const known = base.checks.map(({ name }) => name);
  return { setUp: now.setUp, checks: [...base.checks, ...now.checks.filter(({ name }) => !known.includes(name))] };
}

const NOTHING: Found = { setUp: null, checks: [] };

const check = (
  name: string,
  command: string,
  format: Check['findings']['format'] = 'lines',
  takesArguments = false,
): Check => ({
  name,
  command,
  timeoutMs: 5 * MINUTES,
  failsOn: null,
  findings: { format, from: 'output' },
  takes: takesArguments ? 'plain' : null,
  needsSetUp: true,
});

const Manifest = z.object({
  scripts: z.record(z.string(), z.string()).catch({}).default({}),
  dependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
  devDependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
  workspaces: z.unknown().optional(),
});

/** The scripts that judge, by the names that people give them, and what the check is called. The first of each counts. */
const SCRIPTS: readonly (readonly [name: string, scripts: readonly string[]])[] = [
  ['types', ['typecheck', 'type-check', 'check-types', 'check:types', 'types', 'tsc']],
  ['lint', ['lint', 'eslint', 'lint:check']],
  ['format', ['format:check', 'check:format', 'prettier:check', 'fmt:check']],
  ['build', ['build']],
  ['tests', ['test', 'tests', 'test:unit', 'unit']],
];

/** What npm writes where nobody has written a test. */
const NO_TEST = /no test specified/;

async function ofNode(looked: LookedAt): Promise<Found> {
  const { paths, text } = looked;
  const manifest = await text('package.json');
  const parsed = manifest === null ? null : Manifest.safeParse(jsonOrNull(manifest));
  if (parsed?.success !== true) return NOTHING;
  const { scripts, dependencies, devDependencies, workspaces: members } = parsed.data;
  const workspaces = members !== undefined;
  // What a script says, and not `npm run`: what is there before and after it by its name is no part of the check.
  const checks = SCRIPTS.flatMap(([name, known]) => {
    const script = known.find((each) => scripts[each] !== undefined && !NO_TEST.test(scripts[each]));
    return script === undefined
      ? []
      : [check(name, scripts[script] ?? '', formatOf(name, scripts[script] ?? ''), name === 'tests')];
  });
  const has = (name: string): boolean => checks.some((each) => each.name === name);
  const isTyped = paths.includes('tsconfig.json') && ('typescript' in devDependencies || 'typescript' in dependencies);
  const extra = [
    ...(isTyped && !has('types') ? [check('types', 'tsc --noEmit --pretty false', 'tsc')] : []),
    ...(!has('tests') && paths.some((path) => /\.test\.[cm]?[jt]s$/.test(path))
      ? [check('tests', 'node --test --test-reporter=tap', 'tap', true)]
      : []),
  ];
  const needed = Object.keys({ ...dependencies, ...devDependencies }).length > 0;
  return { setUp: needed || workspaces ? nodeSetUp(looked, workspaces) : null, checks: [...extra, ...checks] };
}

function formatOf(name: string, script: string): Check['findings']['format'] {
  if (name === 'types' || /\btsc\b/.test(script)) return 'tsc';
  return 'lines';
}

async function ofPython(looked: LookedAt): Promise<Found> {
  const { paths, text } = looked;
  const tests = paths.filter((path) => /(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$/.test(path));
  const project = (await text('pyproject.toml')) ?? '';
  const isPython =
    project !== '' || paths.includes('setup.py') || paths.includes('requirements.txt') || tests.length > 0;
  if (!isPython) return NOTHING;
  const requirements = (await text('requirements.txt')) ?? '';
  const uses = (tool: string): boolean => project.includes(tool) || requirements.includes(tool);
  const has = (path: string): boolean => paths.includes(path);
  const checks = [
    ...(uses('[tool.ruff') || has('ruff.toml')
      ? [check('lint', 'python3 -m ruff check --output-format=json .', 'ruff')]
      : []),
    ...(uses('[tool.mypy') || has('mypy.ini') ? [check('types', 'python3 -m mypy .')] : []),
    ...(uses('pytest') || has('pytest.ini')
      ? [
          {
            ...check('tests', 'python3 -m pytest -q --junitxml=.baton-tests.xml', 'junit', true),
            findings: { format: 'junit', from: { file: '.baton-tests.xml' } },
          } as const,
        ]
      : tests.length > 0
        ? [check('tests', 'python3 -m unittest discover', 'lines', true)]
        : []),
  ];
  return { setUp: await pythonSetUp(looked), checks };
}

const ofRust = (looked: LookedAt): Found =>
  looked.paths.includes('Cargo.toml')
    ? {
        setUp: rustSetUp(looked),
        checks: [
          check('build', 'cargo check --offline --quiet'),
          check('tests', 'cargo test --offline --quiet', 'lines', true),
        ],
      }
    : NOTHING;

const ofGo = (looked: LookedAt): Found =>
  looked.paths.includes('go.mod')
    ? {
        setUp: goSetUp(looked),
        checks: [check('lint', 'go vet ./...'), check('tests', 'go test ./...', 'lines', true)],
      }
    : NOTHING;

const KINDS: readonly ((looked: LookedAt) => Found | Promise<Found>)[] = [ofNode, ofPython, ofRust, ofGo];

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
