import { dirname } from 'node:path/posix';
import type { LookedAt, SetUp } from './check.js';
import { CARGO_HOME, GO_MODULES, USUAL_HOSTS } from './usual.js';

const MINUTES = 60_000;
/** A workspace of packages that has more is not looked through for them. */
const MOST_PACKAGES = 200;

interface Manager {
  readonly lockfile: string;
  readonly command: string;
  /** What else it reads. */
  readonly reads: (path: string) => boolean;
}

/**
 * Scripts of the workspace itself are not run: the files that they need are not there. Those of packages are, in a step of
 * its own that names them (without names npm takes the workspace for one), and what cannot be built fails where it is needed.
 */
const BUILD =
  '{ set -- $(cd node_modules && ls -d * @*/* 2>/dev/null | grep -v "^@[^/]*$"); [ $# -eq 0 ] || npm rebuild -- "$@" || echo "Some packages could not be built."; }';

/** From its second version on yarn has other words for the same. */
const YARN =
  'case "$(yarn --version)" in 1.*) yarn install --frozen-lockfile --ignore-scripts;; *) yarn install --immutable --mode=skip-build;; esac';

const MANAGERS: readonly Manager[] = [
  {
    lockfile: 'pnpm-lock.yaml',
    command: 'pnpm install --frozen-lockfile --ignore-scripts',
    reads: (path) => ['pnpm-workspace.yaml', '.pnpmfile.cjs'].includes(path) || path.startsWith('patches/'),
  },
  {
    lockfile: 'yarn.lock',
    command: YARN,
    reads: (path) => ['.yarnrc', '.yarnrc.yml'].includes(path) || path.startsWith('.yarn/'),
  },
  { lockfile: 'npm-shrinkwrap.json', command: `npm ci --ignore-scripts && ${BUILD}`, reads: () => false },
  { lockfile: 'package-lock.json', command: `npm ci --ignore-scripts && ${BUILD}`, reads: () => false },
];

const WITHOUT_LOCKFILE: Omit<Manager, 'lockfile'> = {
  command: `npm install --ignore-scripts --no-package-lock && ${BUILD}`,
  reads: () => false,
};

/** @param hasMembers whether the manifest names packages of the workspace's own */
export function nodeSetUp({ paths }: LookedAt, hasMembers: boolean): SetUp {
  const manager = MANAGERS.find(({ lockfile }) => paths.includes(lockfile));
  const { command, reads } = manager ?? WITHOUT_LOCKFILE;
  const isMember = hasMembers || paths.includes('pnpm-workspace.yaml');
  const members = isMember ? paths.filter((path) => path.endsWith('/package.json')).slice(0, MOST_PACKAGES) : [];
  const own = ['package.json', '.npmrc', ...(manager === undefined ? [] : [manager.lockfile])];
  return {
    command,
    timeoutMs: 10 * MINUTES,
    hosts: USUAL_HOSTS.npm,
    lockfiles: [...new Set([...paths.filter((path) => own.includes(path) || reads(path)), ...members])],
    fills: ['node_modules', ...members.map((path) => `${dirname(path)}/node_modules`)],
    scratch: [],
  };
}

/** Prints what a project says that it needs, for pip; also what it needs for its tests. */
const REQUIREMENTS_OF_PROJECT = `python3 -c '
import tomllib
f = tomllib.load(open("pyproject.toml", "rb"))
p = f.get("project", {})
for group in [p.get("dependencies", [])] + [g[n] for g in (p.get("optional-dependencies", {}), f.get("dependency-groups", {})) for n in ("test", "tests", "testing", "dev") if n in g]:
    for line in group:
        if isinstance(line, str): print(line)
'`;

const VENV = 'python3 -m venv .venv';

export async function pythonSetUp({ paths, text }: LookedAt): Promise<SetUp | null> {
  const usual = { timeoutMs: 10 * MINUTES, hosts: USUAL_HOSTS.python, fills: ['.venv'], scratch: [] };
  const has = (path: string): boolean => paths.includes(path);
  if (has('uv.lock') && has('pyproject.toml'))
    return {
      ...usual,
      command: 'uv sync --frozen --no-install-project --all-extras',
      lockfiles: paths.filter((path) => ['uv.lock', 'pyproject.toml', 'uv.toml', '.python-version'].includes(path)),
    };
  const lists = paths.filter((path) =>
    /^(?:requirements|constraints)[^/]*\.txt$|^requirements\/[^/]+\.txt$/.test(path),
  );
  if (has('requirements.txt')) {
    const dev = ['requirements-dev.txt', 'requirements-test.txt', 'dev-requirements.txt'].filter(has);
    const named = ['requirements.txt', ...dev].map((path) => `-r ${path}`).join(' ');
    return {
      ...usual,
      command: `${VENV} && .venv/bin/pip install ${named}`,
      lockfiles: [...new Set([...lists, ...dev])],
    };
  }
  const project = (await text('pyproject.toml')) ?? '';
  if (!/^dependencies\s*=\s*\[\s*["'#]|^\[(?:dependency-groups|project\.optional-dependencies)\]/m.test(project))
    return null;
  return {
    ...usual,
    command: `${VENV} && ${REQUIREMENTS_OF_PROJECT} > .needed.txt && .venv/bin/pip install -r .needed.txt`,
    lockfiles: ['pyproject.toml'],
  };
}

/** Cargo wants something to build in each package, also where it only fetches. */
const EMPTY_PACKAGES =
  'find . -name Cargo.toml | while read -r m; do d="$(dirname "$m")/src"; mkdir -p "$d"; : > "$d/lib.rs"; echo "fn main() {}" > "$d/main.rs"; done';

export function rustSetUp({ paths }: LookedAt): SetUp | null {
  const hasLock = paths.includes('Cargo.lock');
  return {
    command: `${EMPTY_PACKAGES}; cargo fetch${hasLock ? ' --locked' : ''}`,
    timeoutMs: 10 * MINUTES,
    hosts: USUAL_HOSTS.rust,
    lockfiles: paths.filter(
      (path) => /(?:^|\/)Cargo\.toml$/.test(path) || path === 'Cargo.lock' || /^\.cargo\/config(?:\.toml)?$/.test(path),
    ),
    fills: [CARGO_HOME],
    scratch: [],
  };
}

export const goSetUp = ({ paths }: LookedAt): SetUp | null =>
  paths.includes('go.sum')
    ? {
        command: 'go mod download',
        timeoutMs: 10 * MINUTES,
        hosts: USUAL_HOSTS.go,
        lockfiles: ['go.mod', 'go.sum'],
        fills: [GO_MODULES],
        scratch: [],
      }
    : null;

/** One that does the work of all. */
export function together(setUps: readonly SetUp[]): SetUp | null {
  const [first, ...others] = setUps;
  if (first === undefined || others.length === 0) return first ?? null;
  const all = (list: (setUp: SetUp) => readonly string[]): readonly string[] => [...new Set(setUps.flatMap(list))];
  return {
    command: setUps.map(({ command }) => `{ ${command}; }`).join(' && '),
    timeoutMs: setUps.reduce((sum, { timeoutMs }) => sum + timeoutMs, 0),
    hosts: all(({ hosts }) => hosts),
    lockfiles: all(({ lockfiles }) => lockfiles),
    fills: all(({ fills }) => fills),
    scratch: all(({ scratch }) => scratch),
  };
}
