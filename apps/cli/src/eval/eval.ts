import { GatewayRefused } from '@baton/client';
import { BatonError } from '@baton/contracts';
import { SandboxSetting } from '@baton/sandbox';
import { type Context, gatewayOf } from '../context.js';
import { chooseSandbox } from '../doctor/sandbox-check.js';
import { ExitCode, Interrupted, UsageError } from '../exit-codes.js';
import { writeLine } from '../output.js';
import { printable } from '../table.js';
import { type EvalSet, readEvalSet } from './eval-set.js';
import { type Cell, cellsOf } from './matrix.js';
import type { Outcome } from './outcome.js';
import { type OutcomeFile, openOutcomes } from './outcome-file.js';
import { runCell } from './run-cell.js';
import { writeScores } from './show-scores.js';
import { type EvalBudget, hasRoom, spentBy } from './spending.js';

export interface EvalOptions {
  readonly name?: string;
  readonly models?: string;
  readonly variants?: string;
  readonly repeat: number;
  readonly concurrency: number;
  readonly budget?: EvalBudget & { readonly wallClock?: string | undefined };
  readonly minSuccess?: number;
}

/** Runs a set and shows how it went. Exit code 5 where fewer runs succeeded than asked, 1 where not all were made. */
export async function evaluateSet(context: Context, file: string, options: EvalOptions): Promise<ExitCode> {
  const { env, io, interrupted: signal } = context;
  const set = await readEvalSet(file, env.workingDirectory);
  const matrix = {
    models: options.models === undefined ? [null] : wordsOf('--models', options.models),
    variants: variantsOf(set, options.variants),
    repetitions: options.repeat,
  };
  const cells = cellsOf(set, matrix);
  const limit = limitOf(set, options);
  const sandbox = await sandboxFor(context, set);
  const name = nameOf(options.name ?? set.name);
  const outcomes = await openOutcomes(env.home, name, set);
  const gateway = await gatewayOf(context);
  const workflows = await publishOwn(context, set);
  const ports = {
    ...{ gateway, name, sandbox, signal, monotonicMs: () => performance.now() },
    workflowOf: ({ task }: Cell) => workflows.get(task.id) ?? task.workflow,
  };
  const keys = new Set(cells.map(({ key }) => key));
  const before = outcomes.done.filter(({ key }) => keys.has(key));
  if (before.length > 0) say(context, `${before.length} of ${cells.length} runs are done already.`);
  const work = { cells, before, limit, concurrency: options.concurrency, outcomes };
  const done = await runAll(context, work, (cell) => runCell(cell, ports)).catch((thrown: unknown) => {
    if (!signal.aborted) throw thrown;
    throw new Interrupted('Interrupted. The runs that are under way go on.', 'Give the same command to go on.');
  });
  writeScores(context, { name, file: outcomes.path, cells: cells.length, outcomes: done });
  const left = cells.length - done.length;
  if (left > 0) {
    writeLine(io.err, `${left} of ${cells.length} runs were not begun: the budget leaves no room for them.`);
    return ExitCode.error;
  }
  const rate = done.filter(({ success }) => success).length / done.length;
  return rate >= (options.minSuccess ?? 0) ? ExitCode.ok : ExitCode.runFailed;
}

interface Work {
  readonly cells: readonly Cell[];
  readonly before: readonly Outcome[];
  readonly limit: EvalBudget;
  readonly concurrency: number;
  readonly outcomes: OutcomeFile;
}

/** All runs that are not done, some at a time, as long as there is room in the budget. */
async function runAll(
  context: Context,
  work: Work,
  run: (cell: Cell) => Promise<Outcome>,
): Promise<readonly Outcome[]> {
  const { cells, before, limit, concurrency, outcomes } = work;
  const done = [...before];
  const isDone = new Set(before.map(({ key }) => key));
  const budgets = new Map(cells.map(({ key, task }) => [key, task.budget ?? {}]));
  const waiting = cells.filter(({ key }) => !isDone.has(key));
  const open = new Map<string, EvalBudget>();
  const failed: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let cell = waiting.shift(); cell !== undefined && failed.length === 0; cell = waiting.shift()) {
      const spent = spentBy(done, ({ key }) => budgets.get(key) ?? {});
      if (!hasRoom(limit, spent, [...open.values()], cell.task.budget ?? {})) {
        // What open runs do not spend may make room, once they have ended.
        waiting.unshift(cell);
        return;
      }
      open.set(cell.key, cell.task.budget ?? {});
      try {
        const outcome = await run(cell);
        await outcomes.add(outcome);
        done.push(outcome);
        say(context, lineOf(outcome, done.length, cells.length));
      } catch (thrown) {
        failed.push(thrown);
      } finally {
        open.delete(cell.key);
      }
    }
  };
  for (let left = -1; waiting.length > 0 && waiting.length !== left && failed.length === 0; ) {
    left = waiting.length;
    await Promise.all(Array.from({ length: concurrency }, worker));
  }
  if (failed.length > 0) throw failed[0];
  return done;
}

const say = (context: Context, line: string): void => {
  if (context.format === 'table') writeLine(context.io.err, printable(line));
};

function lineOf(
  { task, model, variant, repetition, success, failures, runId }: Outcome,
  n: number,
  of: number,
): string {
  const what = `${task} (${model ?? 'as set up'}, ${variant}, ${repetition})`;
  return `${n}/${of} ${what}: ${success ? 'succeeded' : `failed: ${(failures[0] ?? '').slice(0, 200)}`} · run ${runId.slice(0, 8)}`;
}

function wordsOf(option: string, text: string): readonly string[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.includes('') || new Set(words).size < words.length) {
    throw new UsageError(`${option} ${printable(text)} is not a list of different names.`, `Write ${option} a,b.`);
  }
  return words;
}

function variantsOf({ variants }: EvalSet, given: string | undefined): readonly string[] {
  const known = Object.keys(variants);
  const words = given === undefined ? known : wordsOf('--variants', given);
  const unknown = words.find((word) => !known.includes(word));
  if (unknown === undefined) return words;
  throw new UsageError(`The set has no variant ${printable(unknown)}.`, `It has ${known.join(', ')}.`);
}

function nameOf(name: string): string {
  if (/^[a-z][a-z0-9-]{0,39}$/.test(name)) return name;
  throw new UsageError(
    `${printable(name)} cannot be the name of an evaluation.`,
    'Use lower case letters, digits and dashes.',
  );
}

function limitOf({ tasks }: EvalSet, { budget }: EvalOptions): EvalBudget {
  if (budget === undefined) return {};
  if (budget.wallClock !== undefined) {
    throw new UsageError(
      'An evaluation has no budget of time.',
      'Give its tasks a timeoutSeconds, and a budget of usd or tokens.',
    );
  }
  for (const kind of ['usd', 'tokens'] as const) {
    const without = budget[kind] === undefined ? undefined : tasks.find((task) => task.budget?.[kind] === undefined);
    if (without !== undefined) {
      throw new UsageError(
        `The task ${without.id} has no budget of ${kind}, so what it may spend is not known.`,
        `Write \`budget: { ${kind}: … }\` to each task of the set.`,
      );
    }
  }
  return budget;
}

/** Nothing is paid for results that could not be tried out. */
async function sandboxFor({ env }: Context, { tasks }: EvalSet) {
  const setting = SandboxSetting.optional().safeParse(env.BATON_SANDBOX);
  if (!setting.success)
    throw new UsageError('BATON_SANDBOX has a wrong value.', 'Unset it, or set it to bwrap or none.');
  const choice = await chooseSandbox(setting.data, env.home);
  const hasCommands = tasks.some(({ checks }) => checks.some((check) => 'command' in check));
  if (!hasCommands || choice.executes === 'anything') return choice;
  throw new BatonError(`The set runs what models write, and there is no sandbox for it here: ${choice.summary}.`, {
    code: 'no-sandbox',
    next: choice.next ?? 'See docs/sandbox.md.',
  });
}

/** The workflows that a set brings along. A version that is there already with the same content is used. */
async function publishOwn(context: Context, { tasks }: EvalSet): Promise<ReadonlyMap<string, string>> {
  const refs = new Map<string, string>();
  const byFile = new Map<string, string>();
  for (const { id, workflow, document } of tasks) {
    if (document === null) continue;
    const known = byFile.get(workflow);
    if (known !== undefined) {
      refs.set(id, known);
      continue;
    }
    const gateway = await gatewayOf(context);
    const published = await gateway
      .post('/v1/workflows', { body: document, signal: context.interrupted })
      .catch((thrown: unknown) => {
        if (!(thrown instanceof GatewayRefused)) throw thrown;
        throw new BatonError(`The workflow ${workflow} of the set cannot be published: ${thrown.message}`, {
          code: 'workflow-invalid',
          next: 'See `baton workflow validate` with that file; another content needs another version.',
          cause: thrown,
        });
      });
    const ref = `${published.name}@${published.version}`;
    byFile.set(workflow, ref);
    refs.set(id, ref);
  }
  return refs;
}
