import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';

interface SourceFile {
  /** Relative to the package's `src`, such as `lanes/claim.ts`. */
  readonly path: string;
  readonly text: string;
}

export interface Package {
  /** Such as `@baton/workflow`. */
  readonly name: string;
  /** Relative to the root, such as `libs/workflow`. */
  readonly folder: string;
  /** Runs in tests only, as a whole: no product may use it. */
  readonly isForTests: boolean;
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
  /** Project references of its tsconfig.json, as folders relative to the root. */
  readonly references: readonly string[];
  readonly files: readonly SourceFile[];
}

export interface Workspace {
  readonly packages: readonly Package[];
}

const Manifest = z.object({
  name: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
});
const Tsconfig = z.object({ references: z.array(z.object({ path: z.string() })).default([]) });

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** Packages that no product is made of. */
const FOR_TESTS: readonly string[] = ['apps/bench', 'apps/e2e', 'libs/asl-conformance', 'libs/test-stack'];

function readFiles(folder: string): readonly SourceFile[] {
  const source = join(folder, 'src');
  if (!existsSync(source)) return [];
  const paths = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  return paths.sort().map((path) => ({ path, text: readFileSync(join(source, path), 'utf8') }));
}

function readPackage(root: string, folder: string): Package {
  const manifest = Manifest.parse(readJson(join(root, folder, 'package.json')));
  const tsconfig = Tsconfig.parse(readJson(join(root, folder, 'tsconfig.json')));
  return {
    name: manifest.name,
    folder,
    isForTests: FOR_TESTS.includes(folder),
    dependencies: Object.keys(manifest.dependencies),
    devDependencies: Object.keys(manifest.devDependencies),
    references: tsconfig.references.map(({ path }) => relative(root, join(root, folder, path))),
    files: readFiles(join(root, folder)),
  };
}

/** Reads every package below apps/ and libs/ with all its sources. */
export function readWorkspace(root: string): Workspace {
  const folders = ['libs', 'apps'].flatMap((parent) =>
    readdirSync(join(root, parent))
      .map((name) => `${parent}/${name}`)
      .filter((folder) => existsSync(join(root, folder, 'package.json'))),
  );
  return { packages: folders.map((folder) => readPackage(root, folder)) };
}
