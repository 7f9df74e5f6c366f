/*
 * What holds between packages, read from their package.json and tsconfig.json. What can be seen in one source file is for
 * Biome (biome.json, with two patterns in scripts/lint): no circles of imports, no undeclared dependency, no import past a
 * package's entries, `/testing` in tests only, RxJS in queue-service only, the environment in env.ts only, and nothing impure in
 * the language and the workflow core. That is why it is enough here to look at what a package declares: it cannot import
 * anything else. Circles of packages are for the compiler, which refuses circular project references, and what nothing uses
 * is for knip (knip.jsonc).
 * None of them has a rule for what is here: layers of packages, references that match, a package that imports its own name,
 * folders that use each other.
 */
import { circlesOfRooms } from './one-way.js';
import type { Package, Workspace } from './workspace.js';

/**
 * Which packages each lib may use; apps may use any lib but those for tests, which only packages for tests use. The last one
 * reaches the system through the gateway.
 */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  '@baton/contracts': [],
  '@baton/client': ['@baton/contracts'],
  '@baton/asl': [],
  '@baton/workflow': ['@baton/asl', '@baton/contracts'],
  '@baton/threads': ['@baton/asl', '@baton/contracts'],
  '@baton/sandbox': ['@baton/contracts'],
  '@baton/proof': ['@baton/contracts'],
  '@baton/servers': ['@baton/contracts'],
  '@baton/event-store': ['@baton/proof', '@baton/servers', '@baton/contracts'],
  // For its tests alone: what queues tell of themselves they tell by the API of OpenTelemetry.
  '@baton/messaging': ['@baton/servers', '@baton/telemetry', '@baton/contracts'],
  '@baton/outbound': ['@baton/contracts'],
  '@baton/personal-data': ['@baton/contracts'],
  '@baton/mcp': ['@baton/client', '@baton/contracts'],
  '@baton/schedules': ['@baton/contracts'],
  '@baton/foresight': ['@baton/contracts'],
  '@baton/knowledge': ['@baton/outbound', '@baton/workspace', '@baton/contracts'],
  '@baton/llm': ['@baton/contracts'],
  '@baton/offline-model': ['@baton/llm', '@baton/contracts'],
  '@baton/telemetry': ['@baton/contracts'],
  '@baton/service-kit': ['@baton/telemetry', '@baton/contracts'],
  '@baton/workspace': ['@baton/contracts'],
  // What it composes runs in its tests as whoever tests a workflow of theirs runs it.
  '@baton/goals': ['@baton/workflow', '@baton/workflow-testing', '@baton/asl', '@baton/contracts'],
  '@baton/queue-service': ['@baton/messaging', '@baton/contracts'],
  '@baton/worker': [
    '@baton/messaging',
    '@baton/event-store',
    '@baton/service-kit',
    '@baton/telemetry',
    '@baton/contracts',
  ],
  '@baton/worker-service': [
    '@baton/worker',
    '@baton/queue-service',
    '@baton/messaging',
    '@baton/event-store',
    '@baton/service-kit',
    '@baton/telemetry',
    '@baton/contracts',
  ],
  '@baton/langgraph': ['@baton/worker', '@baton/event-store', '@baton/contracts'],
  '@baton/map-items': [
    '@baton/worker',
    '@baton/worker-service',
    '@baton/service-kit',
    '@baton/workspace',
    '@baton/contracts',
  ],
  '@baton/agents': [
    '@baton/goals',
    '@baton/knowledge',
    '@baton/llm',
    '@baton/offline-model',
    '@baton/worker',
    '@baton/worker-service',
    '@baton/threads',
    '@baton/outbound',
    '@baton/sandbox',
    '@baton/service-kit',
    '@baton/telemetry',
    '@baton/workspace',
    '@baton/contracts',
  ],
  '@baton/catalog': ['@baton/workflow', '@baton/threads', '@baton/event-store', '@baton/contracts'],
  '@baton/read-model': ['@baton/foresight', '@baton/workflow', '@baton/event-store', '@baton/contracts'],
  '@baton/replay': ['@baton/workflow', '@baton/asl', '@baton/threads', '@baton/event-store', '@baton/contracts'],
  '@baton/recommendations': ['@baton/read-model', '@baton/workflow', '@baton/event-store', '@baton/contracts'],
  // People are told what was unusual up to where the views have come.
  '@baton/notifications': [
    '@baton/read-model',
    '@baton/schedules',
    '@baton/workflow',
    '@baton/event-store',
    '@baton/outbound',
    '@baton/contracts',
  ],
  '@baton/workflow-builder': ['@baton/workflow', '@baton/asl', '@baton/contracts'],
  '@baton/workflow-testing': ['@baton/workflow', '@baton/asl', '@baton/contracts'],
  '@baton/asl-conformance': ['@baton/workflow', '@baton/asl', '@baton/contracts'],
  '@baton/test-stack': ['@baton/workflow', '@baton/messaging', '@baton/service-kit', '@baton/contracts'],
  // The CLI starts processes (`baton up`), which is what the service kit is for, and `doctor` tries the sandbox and the servers. What can be said of a document without a
  // gateway it says by itself, with what the services say it with; both are loaded when they are asked for. A workspace lies
  // on the machine of its user: only the CLI can read it, and put a result into their repository. `eval` holds results to the
  // schemas of its sets. What was signed it checks by itself: that is what a signature is for.
  '@baton/cli': [
    '@baton/client',
    '@baton/mcp',
    '@baton/contracts',
    '@baton/foresight',
    '@baton/proof',
    '@baton/service-kit',
    '@baton/sandbox',
    '@baton/servers',
    '@baton/threads',
    '@baton/catalog',
    '@baton/workflow-testing',
    '@baton/workspace',
  ],
};
/** Libs that put services together; all others leave Nest to the apps. */
const HOSTS_OF_NEST = ['@baton/queue-service', '@baton/worker-service'];

type Rule = (workspace: Workspace) => readonly string[];

const isApp = (unit: Package): boolean => unit.folder.startsWith('apps/');

const declaredBy = (unit: Package): readonly string[] => [...unit.dependencies, ...unit.devDependencies];

const mayUse = (unit: Package, name: string, workspace: Workspace): boolean => {
  const allowed = MAY_USE[unit.name];
  if (allowed !== undefined) return allowed.includes(name);
  const target = workspace.packages.find((each) => each.name === name);
  return isApp(unit) && target !== undefined && !isApp(target) && (unit.isForTests || !target.isForTests);
};

export const dependencyRule: Rule = (workspace) => {
  const unknown = workspace.packages.filter((unit) => !isApp(unit) && MAY_USE[unit.name] === undefined);
  return [
    ...unknown.map((unit) => `${unit.folder}: ${unit.name} has no place in the dependency rule`),
    ...workspace.packages.flatMap((unit) =>
      declaredBy(unit)
        .filter((name) => name.startsWith('@baton/') && !mayUse(unit, name, workspace))
        .map((name) => `${unit.folder}/package.json: ${unit.name} may not use ${name}`),
    ),
  ];
};

export const nestInItsPlace: Rule = ({ packages }) =>
  packages
    .filter((unit) => !isApp(unit) && !HOSTS_OF_NEST.includes(unit.name))
    .filter((unit) => declaredBy(unit).some((name) => name.startsWith('@nestjs/')))
    .map((unit) => `${unit.folder}/package.json: ${unit.name} may not use Nest`);

/** What users install for their workers, with all that it brings along. */
const FOR_WORKERS_OF_USERS = '@baton/worker';

export const noNestForUsersWorkers: Rule = ({ packages }) => {
  const ways = new Map<string, string>([[FOR_WORKERS_OF_USERS, FOR_WORKERS_OF_USERS]]);
  for (const [name, way] of ways) {
    for (const next of packages.find((unit) => unit.name === name)?.dependencies ?? [])
      if (!ways.has(next)) ways.set(next, `${way} → ${next}`);
  }
  return [...ways].filter(([name]) => /^(@nestjs\/|rxjs$|reflect-metadata$)/.test(name)).map(([, way]) => way);
};

export const noImportOfOneself: Rule = ({ packages }) =>
  packages.flatMap((unit) => {
    const ownName = new RegExp(`(from|import)[ (]+'${unit.name}['/]`);
    return unit.files
      .filter((file) => ownName.test(file.text))
      .map((file) => `${unit.folder}/src/${file.path}: imports its own package by name`);
  });

export const referencesMatchDependencies: Rule = ({ packages }) =>
  packages.flatMap((unit) => {
    const wanted = packages.filter((each) => declaredBy(unit).includes(each.name)).map((each) => each.folder);
    const place = `${unit.folder}/tsconfig.json`;
    return [
      ...wanted
        .filter((folder) => !unit.references.includes(folder))
        .map((folder) => `${place}: no reference to ${folder}`),
      ...unit.references
        .filter((folder) => !wanted.includes(folder))
        .map((folder) => `${place}: a reference to ${folder}, which is no dependency`),
    ];
  });

export const oneWayInside: Rule = ({ packages }) =>
  packages.flatMap((unit) => circlesOfRooms(unit).map((circle) => `${unit.folder}/src: ${circle}`));

/** Every rule under the name that its violations are reported with. */
export const RULES: Readonly<Record<string, Rule>> = {
  'the dependency rule holds': dependencyRule,
  'Nest stays where it belongs': nestInItsPlace,
  'a worker of a user brings nothing of Nest along': noNestForUsersWorkers,
  'no package imports itself by its name': noImportOfOneself,
  'project references match the dependencies': referencesMatchDependencies,
  'the folders of a package import one way': oneWayInside,
};
