import { basename, delimiter, isAbsolute, resolve } from 'node:path';
import { BatonError } from '@baton/contracts';
import { z } from 'zod';
import { type CommandLine, readCommandLine } from './command-line.ts';

type Source = Readonly<Record<string, string | undefined>>;

/** What an operator says of the agent. */
export interface AgentSettings {
  readonly command: CommandLine;
  /** A workflow asks for it as `baton:worker:<kind>`. */
  readonly kind: string;
  /** Stands in results as their author. */
  readonly name: string;
  readonly sandbox: 'bwrap' | 'none';
  /** What the agent gets of the worker's environment: the variables that were named, and nothing else. */
  readonly passed: Readonly<Record<string, string>>;
  /** Folders with programs, absolute. */
  readonly folders: readonly string[];
  /** Folders with secrets of Baton. */
  readonly hidden: readonly string[];
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** How the tests of a result are run, where the task does not say. */
  readonly testCommand: string | null;
}

/** Names that stand for something else in a result: code of the offline model is trusted. */
const TAKEN_NAMES = ['offline', 'input', 'unknown'];
/** How to reach Baton is not the agent's to know. */
const isOfBaton = (name: string): boolean =>
  /^(?:DATABASE_URL|REDIS_URL|BATON_.*|PG(?:HOST|PORT|USER|PASSWORD|PASSFILE|DATABASE|SERVICE))$/.test(name);

const Seconds = z.coerce
  .number()
  .int()
  .positive()
  .max(24 * 3600);

const Variables = z.object({
  FOREIGN_AGENT_COMMAND: z.string(),
  FOREIGN_AGENT_SANDBOX: z.enum(['bwrap', 'none']),
  FOREIGN_AGENT_KIND: z.string().default('foreign-agent'),
  FOREIGN_AGENT_NAME: z
    .string()
    .regex(/^[\w][\w.:-]{0,62}$/, 'expected one word')
    .refine((name) => !TAKEN_NAMES.includes(name), 'expected a name that stands for nothing else')
    .optional(),
  FOREIGN_AGENT_ENV: z.string().default(''),
  FOREIGN_AGENT_PATH: z.string().default(''),
  FOREIGN_AGENT_TIMEOUT_SECONDS: Seconds.default(3600),
  FOREIGN_AGENT_MEMORY_MB: z.coerce.number().int().min(64).max(1_000_000).default(4096),
  FOREIGN_AGENT_TEST_COMMAND: z.string().min(1).optional(),
});

const refused = (sentence: string, next: string): BatonError =>
  new BatonError(sentence, { code: 'invalid-environment', next });

/** @throws BatonError `invalid-environment`, with all that is wrong */
export function readSettings(source: Source = process.env): AgentSettings {
  const given = Object.keys(Variables.shape).filter((name) => source[name] !== undefined && source[name] !== '');
  const read = Variables.safeParse(Object.fromEntries(given.map((name) => [name, source[name]])));
  if (!read.success) {
    const problems = read.error.issues.map(({ path: [name], message }) =>
      given.includes(String(name)) ? `${String(name)} is not valid: ${message}` : `${String(name)} is not set`,
    );
    throw refused(`${problems.join('; ')}.`, 'README.md of the example says what each variable is for.');
  }
  const variables = read.data;
  const command = readCommandLine(variables.FOREIGN_AGENT_COMMAND);
  const [program] = command;
  if (program.includes('/') && !isAbsolute(program))
    throw refused(
      `The program ${program} is a relative path.`,
      'Give a whole path, or a name that is found in FOREIGN_AGENT_PATH.',
    );
  const name = variables.FOREIGN_AGENT_NAME ?? basename(program).replaceAll(/[^\w.:-]/g, '-');
  if (TAKEN_NAMES.includes(name)) throw refused(`An agent cannot be called ${name}.`, 'Set FOREIGN_AGENT_NAME.');
  return {
    command,
    kind: variables.FOREIGN_AGENT_KIND,
    name,
    sandbox: variables.FOREIGN_AGENT_SANDBOX,
    passed: passedOf(variables.FOREIGN_AGENT_ENV, source),
    folders: variables.FOREIGN_AGENT_PATH.split(delimiter)
      .filter((folder) => folder !== '')
      .map((folder) => resolve(folder)),
    hidden: [resolve(source.BATON_HOME ?? '.baton')],
    timeoutMs: variables.FOREIGN_AGENT_TIMEOUT_SECONDS * 1000,
    memoryMb: variables.FOREIGN_AGENT_MEMORY_MB,
    testCommand: variables.FOREIGN_AGENT_TEST_COMMAND ?? null,
  };
}

function passedOf(names: string, source: Source): Readonly<Record<string, string>> {
  const passed: Record<string, string> = {};
  for (const name of names.split(/[\s,]+/).filter((word) => word !== '')) {
    if (!/^[A-Za-z_]\w*$/.test(name))
      throw refused(`FOREIGN_AGENT_ENV names ${name}, which is no variable.`, 'Give names alone.');
    if (isOfBaton(name)) throw refused(`FOREIGN_AGENT_ENV names ${name}, which no agent may have.`, 'Take it out.');
    const value = source[name];
    if (value === undefined)
      throw refused(`FOREIGN_AGENT_ENV names ${name}, which is not set.`, 'Set it, or take it out.');
    passed[name] = value;
  }
  return passed;
}
