import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';

/** A set of migrations with a numbering of its own: the event store, or a library that keeps tables beside it. */
export interface MigrationSet {
  readonly component: string;
  /** Folder of `NNNN_what_it_does.sql` files, numbered from 1 without gaps. Frozen once merged. */
  readonly directory: string;
  /** The component that had these migrations before: a database that has them from there is not given them again. */
  readonly movedFrom?: string;
  /** Folder of `name.sql` files, each the current definition of a function: applied after the migrations when it changed. */
  readonly functions?: string;
}

export const eventStoreMigrations: MigrationSet = {
  component: 'event-store',
  directory: resolve(import.meta.dirname, '../migrations'),
  functions: resolve(import.meta.dirname, '../functions'),
};

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** A function of the database, in its current definition. */
export interface FunctionFile {
  /** As it stands in `baton.schema_version`: a component of its own within its set. */
  readonly component: string;
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

export async function readMigrations(directory: string): Promise<readonly Migration[]> {
  const files = (await readdir(directory)).filter((file) => /^\d{4}_.+\.sql$/.test(file)).toSorted();
  return Promise.all(
    files.map(async (file, index) => {
      const version = Number(file.slice(0, 4));
      if (version !== index + 1) throw new Error(`migration ${file} in ${directory} does not continue the numbering`);
      const sql = await readFile(join(directory, file), 'utf8');
      return { version, name: file, sql, checksum: checksumOf(sql) };
    }),
  );
}

/** By name. The first line of each file gives its version: `-- version: 3`. */
export async function readFunctions({ component, functions }: MigrationSet): Promise<readonly FunctionFile[]> {
  if (functions === undefined) return [];
  const files = (await readdir(functions)).filter((file) => file.endsWith('.sql')).toSorted();
  return Promise.all(
    files.map(async (file) => {
      const sql = await readFile(join(functions, file), 'utf8');
      const version = Number(/^-- version: ([1-9]\d*)\n/.exec(sql)?.[1]);
      if (Number.isNaN(version)) throw new Error(`function ${file} in ${functions} does not begin with its version`);
      const part = `${component}/${basename(file, '.sql')}`;
      return { component: part, version, name: file, sql, checksum: checksumOf(sql) };
    }),
  );
}

const checksumOf = (sql: string): string => createHash('sha256').update(sql).digest('hex');
