import { posix } from 'node:path';
import { findCycles } from './cycles.js';
import type { Package, SourceFile, Workspace } from './workspace.js';

/** Which packages each lib may use; apps may use any lib, except these two that reach the system through the gateway. */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  '@baton/contracts': [],
  '@baton/asl': [],
  '@baton/workflow': ['@baton/asl', '@baton/contracts'],
  '@baton/workflow-builder': ['@baton/workflow', '@baton/asl', '@baton/contracts'],
  '@baton/event-store': ['@baton/contracts'],
  '@baton/messaging': ['@baton/contracts'],
  '@baton/llm': ['@baton/contracts'],
  '@baton/offline-model': ['@baton/llm', '@baton/contracts'],
  '@baton/service-kit': ['@baton/contracts'],
  '@baton/worker': ['@baton/messaging', '@baton/event-store', '@baton/service-kit', '@baton/contracts'],
  '@baton/agents': ['@baton/llm', '@baton/offline-model', '@baton/worker', '@baton/service-kit', '@baton/contracts'],
  '@baton/read-model': ['@baton/workflow', '@baton/event-store', '@baton/contracts'],
  '@baton/notifications': ['@baton/workflow', '@baton/event-store', '@baton/contracts'],
  // The CLI starts processes (`baton up`), which is what the service kit is for.
  '@baton/cli': ['@baton/contracts', '@baton/service-kit'],
  '@baton/web': ['@baton/contracts'],
};
/** Libs that put services together; all others leave Nest to the apps. */
const HOSTS_OF_NEST = ['@baton/messaging', '@baton/service-kit', '@baton/worker'];
const PURE = ['@baton/asl', '@baton/workflow', '@baton/workflow-builder'];
const ENVIRONMENT_FILE = /(^|\/)env(ironment)?\.ts$/;

type Rule = (workspace: Workspace) => readonly string[];

const at = (unit: Package, file: SourceFile, line?: number): string =>
  `${unit.folder}/src/${file.path}${line === undefined ? '' : `:${line}`}`;

/** The package part of a specifier: `@baton/x/testing` → `@baton/x`; null for relative and node: modules. */
export function packageOf(specifier: string): string | null {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return null;
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

interface Use {
  readonly unit: Package;
  readonly file: SourceFile;
  readonly specifier: string;
  readonly place: string;
}

const importsOf = (units: readonly Package[]): readonly Use[] =>
  units.flatMap((unit) =>
    unit.files.flatMap((file) =>
      file.facts.imports.map(({ specifier, line }) => ({ unit, file, specifier, place: at(unit, file, line) })),
    ),
  );

const isApp = (unit: Package): boolean => unit.folder.startsWith('apps/');

const mayUse = (unit: Package, name: string, workspace: Workspace): boolean => {
  const allowed = MAY_USE[unit.name];
  if (allowed !== undefined) return allowed.includes(name);
  const target = workspace.packages.find((each) => each.name === name);
  return isApp(unit) && target !== undefined && !isApp(target);
};

export const dependencyRule: Rule = (workspace) => {
  const unknown = workspace.packages.filter((unit) => !isApp(unit) && MAY_USE[unit.name] === undefined);
  const declared = workspace.packages.flatMap((unit) =>
    unit.dependencies.map((name) => ({ unit, name, place: `${unit.folder}/package.json` })),
  );
  const imported = importsOf(workspace.packages).map(({ unit, specifier, place }) => ({
    unit,
    name: packageOf(specifier),
    place,
  }));
  return [
    ...unknown.map((unit) => `${unit.folder}: ${unit.name} has no place in the dependency rule`),
    ...[...declared, ...imported].flatMap(({ unit, name, place }) =>
      name?.startsWith('@baton/') && name !== unit.name && !mayUse(unit, name, workspace)
        ? [`${place}: ${unit.name} may not use ${name}`]
        : [],
    ),
  ];
};

export const noCycles: Rule = ({ packages }) => {
  const between = new Map(
    packages.map((unit) => [unit.name, unit.dependencies.filter((name) => name.startsWith('@baton/'))]),
  );
  const inside = packages.flatMap((unit) => {
    const graph = new Map(unit.files.map((file) => [file.path, relativeImports(file)]));
    return findCycles(graph).map((cycle) => `${unit.folder}/src: files import each other: ${cycle.join(' → ')}`);
  });
  return [...findCycles(between).map((cycle) => `packages depend on each other: ${cycle.join(' → ')}`), ...inside];
};

const relativeImports = (file: SourceFile): readonly string[] =>
  file.facts.imports
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => posix.join(posix.dirname(file.path), specifier).replace(/\.js$/, '.ts'));

export const noDeepImports: Rule = ({ packages }) =>
  importsOf(packages).flatMap(({ unit, file, specifier, place }) => {
    // A file read as text is data, such as a golden log or a workflow that ships; only code belongs to a package.
    if (specifier.endsWith('?raw')) return [];
    if (specifier.startsWith('.')) {
      const target = posix.join(posix.dirname(file.path), specifier);
      return target.startsWith('..') ? [`${place}: ${specifier} leaves the package`] : [];
    }
    const target = packages.find((each) => each.name === packageOf(specifier));
    if (target === undefined) return [];
    const entry = `.${specifier.slice(target.name.length)}`;
    if (target === unit) return [`${place}: ${specifier} imports its own package by name`];
    if (!target.exports.includes(entry) || entry === './package.json')
      return [`${place}: ${specifier} is not an entry of ${target.name}`];
    return entry.startsWith('./testing') && !file.isTest ? [`${place}: ${specifier} is for tests only`] : [];
  });

export const noUndeclaredDependency: Rule = ({ packages, shared }) =>
  importsOf(packages).flatMap(({ unit, file, specifier, place }) => {
    const name = packageOf(specifier);
    const declared = [...unit.dependencies, ...(file.isTest ? [...unit.devDependencies, ...shared] : [])];
    return name === null || declared.includes(name) || name === unit.name
      ? []
      : [`${place}: ${name} is not a dependency of ${unit.name}`];
  });

export const noUnusedDependency: Rule = ({ packages, peersOf }) =>
  packages.flatMap((unit) => {
    const namesIn = (files: readonly SourceFile[]): ReadonlySet<string | null> =>
      new Set(
        files.flatMap(({ facts }) =>
          [...facts.imports.map(({ specifier }) => specifier), ...facts.resolved].map(packageOf),
        ),
      );
    const used = namesIn(unit.files.filter((file) => !file.isTest || unit.folder === 'apps/e2e'));
    const usedInTests = namesIn(unit.files);
    // What a used package needs beside it has to be declared although nobody imports it: RxJS for Nest.
    const peers = new Set(unit.dependencies.filter((name) => used.has(name)).flatMap(peersOf));
    const place = `${unit.folder}/package.json`;
    return [
      ...unit.dependencies
        .filter((name) => !used.has(name) && !peers.has(name))
        .map((name) =>
          usedInTests.has(name)
            ? `${place}: ${name} is used by tests only: a devDependency`
            : `${place}: nothing uses ${name}`,
        ),
      ...unit.devDependencies
        .filter((name) => !usedInTests.has(name) && !name.startsWith('@types/'))
        .map((name) => `${place}: nothing uses ${name}`),
    ];
  });

export const purity: Rule = ({ packages }) =>
  packages
    .filter((unit) => PURE.includes(unit.name))
    .flatMap((unit) =>
      unit.files
        .filter((file) => !file.isTest)
        .flatMap((file) => [
          ...file.facts.imports
            .filter(({ specifier }) => /^(node:|@nestjs\/|rxjs)/.test(specifier))
            .map(({ specifier, line }) => `${at(unit, file, line)}: pure code may not import ${specifier}`),
          ...file.facts.impure.map(({ what, line }) => `${at(unit, file, line)}: pure code may not use ${what}`),
        ]),
    );

export const environmentInOneFile: Rule = ({ packages }) =>
  packages.flatMap((unit) => {
    const readers = unit.files.filter((file) => file.facts.readsEnvironment && !file.isTest);
    const misplaced = readers.filter((file) => !ENVIRONMENT_FILE.test(file.path));
    const surplus = readers.length > 1 && misplaced.length === 0 ? readers.slice(1) : [];
    return [
      ...misplaced.map((file) => `${at(unit, file)}: process.env is read in env.ts only`),
      ...surplus.map((file) => `${at(unit, file)}: a second file that reads process.env`),
    ];
  });

export const frameworksInTheirPlace: Rule = ({ packages }) =>
  importsOf(packages).flatMap(({ unit, specifier, place }) => {
    const name = packageOf(specifier) ?? '';
    if (name === 'rxjs' && unit.name !== '@baton/messaging') return [`${place}: RxJS is for messaging only`];
    const mayUseNest = isApp(unit) || HOSTS_OF_NEST.includes(unit.name);
    return name.startsWith('@nestjs/') && !mayUseNest ? [`${place}: ${unit.name} may not use Nest`] : [];
  });

export const referencesMatchDependencies: Rule = ({ packages }) =>
  packages.flatMap((unit) => {
    const wanted = packages
      .filter((each) => [...unit.dependencies, ...unit.devDependencies].includes(each.name))
      .map((each) => each.folder);
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

/** Every rule under the name that its violations are reported with. */
export const RULES: Readonly<Record<string, Rule>> = {
  'the dependency rule holds': dependencyRule,
  'neither packages nor files import in circles': noCycles,
  'packages are imported by their entries only': noDeepImports,
  'every import is a declared dependency': noUndeclaredDependency,
  'every declared dependency is used': noUnusedDependency,
  'the language and the workflow core are pure': purity,
  'the environment is read in one file a package': environmentInOneFile,
  'Nest and RxJS stay where they belong': frameworksInTheirPlace,
  'project references match the dependencies': referencesMatchDependencies,
};
