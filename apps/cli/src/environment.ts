import { resolve } from 'node:path';
import { type CutSecrets, cutSecretsOf, explainIssues } from '@baton/contracts';
import { z } from 'zod';
import { callNameOf, isInstalledPackage } from './call-name.js';
import { UsageError } from './exit-codes.js';

/** The root of the checkout, from `apps/cli/src` and `apps/cli/dist` alike. */
export const ROOT = resolve(import.meta.dirname, '../../..');

/** Installed by npm, and no checkout of anybody: what is made then belongs to the folder where it was asked for. */
const isInstalled = isInstalledPackage(ROOT);
export const outBase = (workingDirectory: string): string => (isInstalled ? workingDirectory : ROOT);

const text = z.string().min(1);

const Variables = z.object({
  DATABASE_URL: text.optional(),
  /** The Postgres itself, where DATABASE_URL leads to a pooler. */
  BATON_DATABASE_DIRECT_URL: text.optional(),
  REDIS_URL: text.optional(),
  BATON_PROVIDER: z.enum(['anthropic', 'bedrock', 'vertex', 'openai']).default('anthropic'),
  ANTHROPIC_API_KEY: text.optional(),
  ANTHROPIC_BASE_URL: text.optional(),
  OPENAI_API_KEY: text.optional(),
  OPENAI_BASE_URL: text.optional(),
  BATON_MODEL: text.optional(),
  BATON_SANDBOX: text.optional(),
  BATON_HOST: text.default('127.0.0.1'),
  /** 0 asks for any free port. */
  BATON_PORT: z.coerce.number('expected a port number').int().min(0).max(65_535).optional(),
  BATON_URL: z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }).optional(),
  BATON_TOKEN: text.optional(),
  BATON_HOME: text.optional(),
  BATON_LOG: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  NO_COLOR: text.optional(),
  TERM: text.optional(),
  /** Set by npm: where the user stood when npm changed to the root of the checkout. */
  INIT_CWD: text.optional(),
});
type Variables = z.infer<typeof Variables>;

export interface Environment extends Omit<Variables, 'BATON_HOME' | 'INIT_CWD'> {
  readonly home: string;
  /** Relative paths on the command line start here. */
  readonly workingDirectory: string;
  /** Everything that was set, for the processes that `up` starts. */
  readonly all: Readonly<Record<string, string>>;
}

/** An empty variable counts as not set, as in a shell's `VAR= command`. */
const withoutEmpty = (variables: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );

const workingDirectoryOf = (initCwd: string | undefined, cwd: string): string =>
  cwd === ROOT && initCwd !== undefined ? initCwd : cwd;

/** The default belongs to the checkout, where there is one, so that commands given in any folder find the same stack. */
const homeOf = (word: string | undefined, cwd: string): string =>
  word === undefined || word === '' ? resolve(outBase(cwd), '.baton') : resolve(cwd, word);

/** Throws UsageError that names the first wrong variable. */
export function parseEnvironment(variables: NodeJS.ProcessEnv, cwd: string): Environment {
  const all = withoutEmpty(variables);
  const parsed = Variables.safeParse(all);
  if (!parsed.success) {
    const [wrong] = explainIssues(parsed.error, all, Variables);
    const name = String(wrong?.path[0]);
    throw new UsageError(
      `The variable ${name} has a wrong value: ${wrong?.detail ?? 'unknown'}.`,
      `Correct ${name} or unset it.`,
    );
  }
  const { BATON_HOME, INIT_CWD, ...rest } = parsed.data;
  return {
    ...rest,
    workingDirectory: workingDirectoryOf(INIT_CWD, cwd),
    home: homeOf(BATON_HOME, cwd),
    all,
  };
}

/** Cuts the secrets of the environment out of a text that is shown. */
export const readSecrets = (): CutSecrets => cutSecretsOf(process.env);

/** What decides about colours: read before anything else, so that a wrong variable can be told in them. */
export const readTerminal = (): { readonly [Name in 'NO_COLOR' | 'TERM' | 'COLUMNS']?: string | undefined } => ({
  NO_COLOR: process.env.NO_COLOR || undefined,
  TERM: process.env.TERM,
  COLUMNS: process.env.COLUMNS,
});

/** The environment decides it, and the folder: it is read before the variables are checked, so that the complaint can use it. */
export function readCallName(): string {
  const { BATON_HOME = '', INIT_CWD, PATH = '', npm_lifecycle_event } = process.env;
  const cwd = process.cwd();
  return callNameOf({
    root: ROOT,
    home: homeOf(BATON_HOME, cwd),
    workingDirectory: workingDirectoryOf(INIT_CWD, cwd),
    path: PATH,
    npmScript: npm_lifecycle_event,
  });
}

export const readEnvironment = (): Environment => parseEnvironment(process.env, process.cwd());
