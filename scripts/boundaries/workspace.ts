import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { type ModuleFacts, parseModule } from './parse-module.js';

export interface SourceFile {
  /** Relative to the package's `src`, such as `lanes/claim.ts`. */
  readonly path: string;
  /** Runs in tests only: a spec, or under `testing/`. */
  readonly isTest: boolean;
  readonly facts: ModuleFacts;
}

export interface Package {
  /** Such as `@baton/workflow`. */
  readonly name: string;
  /** Relative to the root, such as `libs/workflow`. */
  readonly folder: string;
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
  /** What others may import, such as `.` and `./testing`. */
  readonly exports: readonly string[];
  /** Project references of its tsconfig.json, as folders relative to the root. */
  readonly references: readonly string[];
  readonly files: readonly SourceFile[];
}

export interface Workspace {
  readonly packages: readonly Package[];
  /** Development dependencies of the root, which every test may use. */
  readonly shared: readonly string[];
  /** The packages that a dependency needs beside it (its peers). */
  readonly peersOf: (dependency: string) => readonly string[];
}

const Manifest = z.object({
  name: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
  peerDependencies: z.record(z.string(), z.string()).default({}),
  exports: z.record(z.string(), z.unknown()).default({}),
});
const Tsconfig = z.object({ references: z.array(z.object({ path: z.string() })).default([]) });

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

const isTestPath = (path: string): boolean => /\.spec\.ts$|(^|\/)testing\//.test(path);

function readFiles(folder: string, isTestPackage: boolean): readonly SourceFile[] {
  const source = join(folder, 'src');
  if (!existsSync(source)) return [];
  const paths = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  return paths.sort().map((path) => {
    try {
      const facts = parseModule(readFileSync(join(source, path), 'utf8'));
      return { path, isTest: isTestPackage || isTestPath(path), facts };
    } catch (thrown) {
      throw new Error(`${join(source, path)} does not parse`, { cause: thrown });
    }
  });
}

function readPackage(root: string, folder: string): Package {
  const manifest = Manifest.parse(readJson(join(root, folder, 'package.json')));
  const tsconfig = Tsconfig.parse(readJson(join(root, folder, 'tsconfig.json')));
  return {
    name: manifest.name,
    folder,
    dependencies: Object.keys(manifest.dependencies),
    devDependencies: Object.keys(manifest.devDependencies),
    exports: Object.keys(manifest.exports),
    references: tsconfig.references.map(({ path }) => relative(root, join(root, folder, path))),
    files: readFiles(join(root, folder), folder === 'apps/e2e'),
  };
}

/** Reads every package below apps/ and libs/ with all its sources. */
export function readWorkspace(root: string): Workspace {
  const folders = ['libs', 'apps'].flatMap((parent) =>
    readdirSync(join(root, parent))
      .map((name) => `${parent}/${name}`)
      .filter((folder) => existsSync(join(root, folder, 'package.json'))),
  );
  return {
    packages: folders.map((folder) => readPackage(root, folder)),
    shared: Object.keys(Manifest.parse(readJson(join(root, 'package.json'))).devDependencies),
    peersOf: (dependency) => {
      const file = join(root, 'node_modules', dependency, 'package.json');
      return existsSync(file)
        ? Object.keys(
            Manifest.parse({ name: dependency, ...z.record(z.string(), z.unknown()).parse(readJson(file)) })
              .peerDependencies,
          )
        : [];
    },
  };
}
