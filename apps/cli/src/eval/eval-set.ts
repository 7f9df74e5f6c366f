import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { explainIssues, JsonObject, RunAgents, SubmitRun, toError, WorkflowRef } from '@baton/contracts';
import { checkSchema } from '@baton/threads';
import { parse } from 'yaml';
import { z } from 'zod';
import type { DeliverableFile } from '../deliverable.js';
import { checkPaths } from '../deliverable.js';
import { UsageError } from '../exit-codes.js';
import { parseText, readNamedFile } from '../requirements-file.js';

const MAX_SET_BYTES = 1024 * 1024;
const MAX_FILES = 200;

const Name = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'expected lower case letters, digits and dashes, at most 40');
const isRegExp = (text: string): boolean => {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
};
const Pattern = z.string().min(1).refine(isRegExp, 'expected a regular expression');

/** What a result is held to. All checks of a task have to hold. */
const Check = z.union([
  /** A file of the result. */
  z.strictObject({ file: z.string().min(1), matches: Pattern.optional(), absent: z.literal(true).optional() }),
  /** The output of the run, or the part of it that a JSON pointer leads to, fits a JSON Schema. */
  z.strictObject({
    schema: JsonObject,
    of: z
      .string()
      .regex(/^(\/.*)?$/, 'expected a JSON pointer')
      .default(''),
  }),
  /** A command in the files of the result, with files of the set laid over them. */
  z.strictObject({
    command: z.tuple([z.string().min(1)], z.string()),
    /** A folder beside the set, or path → content. */
    files: z.union([z.string().min(1), z.record(z.string(), z.string())]).optional(),
    exitCode: z.int().min(0).max(255).default(0),
    stdout: Pattern.optional(),
    timeoutSeconds: z.number().positive().max(600).default(60),
  }),
]);
type Check = z.infer<typeof Check>;

const Task = z.strictObject({
  id: Name,
  title: z.string().optional(),
  /** A published workflow, or a file beside the set, which is published. */
  workflow: z.string().min(1),
  input: JsonObject,
  decisions: SubmitRun.shape.decisions,
  budget: SubmitRun.shape.budget,
  timeoutSeconds: z.number().positive().max(86_400).default(3_600),
  checks: z.array(Check).min(1),
});

const SetFile = z.strictObject({
  name: Name,
  description: z.string().optional(),
  /** Ways to ask: name → template id → variant. */
  variants: z.record(Name, RunAgents.shape.templates.unwrap()).default({ usual: {} }),
  tasks: z.array(Task).min(1).max(1_000),
});

export type EvalTask = Omit<z.infer<typeof Task>, 'checks'> & {
  readonly checks: readonly LoadedCheck[];
  /** The text of the workflow document, where the task brings its own. */
  readonly document: JsonObject | null;
};
/** A check whose files were read. */
export type LoadedCheck =
  | Exclude<Check, { readonly command: unknown }>
  | (Omit<Extract<Check, { readonly command: unknown }>, 'files'> & { readonly files: readonly DeliverableFile[] });

export interface EvalSet {
  readonly name: string;
  readonly file: string;
  readonly variants: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly tasks: readonly EvalTask[];
  /** Of the set and of all files that it names: another hash is another measurement. */
  readonly sha256: string;
}

/** Reads a set and all that it names. Throws UsageError: what is wrong, where, in one sentence. */
export async function readEvalSet(name: string, workingDirectory: string): Promise<EvalSet> {
  const readStdin = (): never => {
    throw new UsageError('A set cannot come on stdin.', 'Name its file: it may name others beside it.');
  };
  const text = parseText(
    await readNamedFile(name, { workingDirectory, readStdin, limit: MAX_SET_BYTES }),
    name,
    MAX_SET_BYTES,
  );
  const file = resolve(workingDirectory, name);
  const given = yamlOf(text, name);
  const parsed = SetFile.safeParse(given);
  if (!parsed.success) {
    const [wrong] = explainIssues(parsed.error, given, SetFile);
    const where = wrong?.path.map(String).join('.') || 'it';
    throw wrongSet(name, `${where} is wrong: ${wrong?.detail ?? 'it has another form'}`);
  }
  const { tasks, variants } = parsed.data;
  const ids = tasks.map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw wrongSet(name, `two tasks are called ${twice}`);
  if (Object.keys(variants).length === 0) throw wrongSet(name, 'variants names none; leave it out');
  const hash = createHash('sha256').update(text);
  const loaded: EvalTask[] = [];
  for (const task of tasks) {
    const where = `task ${task.id}`;
    const document = await documentOf(task.workflow, dirname(file), name, where);
    const checks = await Promise.all(task.checks.map((check) => loadCheck(check, dirname(file), name, where)));
    hash.update(JSON.stringify([document, checks]));
    loaded.push({ ...task, document, checks });
  }
  return { name: parsed.data.name, file, variants, tasks: loaded, sha256: hash.digest('hex') };
}

const wrongSet = (name: string, problem: string): UsageError =>
  new UsageError(`The set ${name} cannot be used: ${problem}.`, 'Correct it; docs/evals.md says what a set may hold.');

function yamlOf(text: string, name: string): unknown {
  try {
    return parse(text);
  } catch (thrown) {
    throw wrongSet(name, `it is not YAML: ${toError(thrown).message.split('\n')[0]}`);
  }
}

async function documentOf(workflow: string, folder: string, name: string, where: string): Promise<JsonObject | null> {
  if (!/\.(ya?ml|json)$/i.test(workflow)) {
    if (WorkflowRef.safeParse(workflow).success) return null;
    throw wrongSet(name, `the workflow of ${where} is neither a name nor a file: ${workflow}`);
  }
  try {
    return JsonObject.parse(parse(await readFile(join(folder, workflow), 'utf8')));
  } catch (thrown) {
    throw wrongSet(
      name,
      `the workflow ${workflow} of ${where} cannot be read: ${toError(thrown).message.split('\n')[0]}`,
    );
  }
}

async function loadCheck(check: Check, folder: string, name: string, where: string): Promise<LoadedCheck> {
  if ('schema' in check) {
    const [wrong] = checkSchema(JSON.stringify(check.schema));
    if (wrong !== undefined) throw wrongSet(name, `a schema of ${where} is none: ${wrong.pointer} ${wrong.detail}`);
  }
  if (!('command' in check)) return check;
  const { files = {}, ...rest } = check;
  const loaded =
    typeof files === 'string'
      ? await filesIn(join(folder, files), name, where)
      : Object.entries(files).map(([path, content]) => ({ path, content }));
  try {
    checkPaths(loaded);
  } catch {
    throw wrongSet(name, `a file of ${where} would not stay inside its folder`);
  }
  return { ...rest, files: loaded };
}

async function filesIn(folder: string, name: string, where: string): Promise<readonly DeliverableFile[]> {
  try {
    const names = (await readdir(folder, { recursive: true })).sort();
    if (names.length > MAX_FILES) throw new Error(`it has more than ${MAX_FILES} files`);
    const files: DeliverableFile[] = [];
    for (const path of names) {
      const full = join(folder, path);
      if ((await stat(full)).isFile()) files.push({ path, content: await readFile(full, 'utf8') });
    }
    if (files.length === 0) throw new Error('it is empty');
    return files;
  } catch (thrown) {
    throw wrongSet(name, `the folder ${folder} of ${where} cannot be used: ${toError(thrown).message}`);
  }
}
