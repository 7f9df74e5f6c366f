import { CacheWish, Effort, type Json, JsonObject, MaxOutputTokens, WorkspaceInput } from '@baton/contracts';

import type { WorkerTask } from '@baton/worker';
import { z } from 'zod';
import type { HintedHandler } from '../task/hints.js';
import { invalidInput, type OrFailure } from '../task/or-failure.js';
import type { ModelOutputName } from '../task/outputs.js';
import { describeIssues } from '../task/problems.js';
import { templateIdsOf, variablesOf, type WithTemplate } from '../task/task-arguments.js';
import { chooseTemplate } from '../templates/choose-template.js';
import { misfitWith } from '../templates/fit-variables.js';
import type { Templates } from '../templates/load-templates.js';
import type { Template } from '../templates/template.js';
import { FilePatterns, type WriteRule } from '../workbench/write-rule.js';
import type { AskContext } from './exchange.js';
import { isOpen, type OpenJob, prepareOpen } from './open-job.js';
import { type JobConfig, type PreparedJob, runJob } from './run-job.js';

/**
 * One kind of task that asks a model: which templates it goes with, and what it does once its arguments are checked. Any
 * other template of the same agent and output goes with it, too, where its arguments are those of the job.
 */
export interface PromptJob {
  readonly templateIds: readonly string[];
  readonly output: ModelOutputName;
  /** What a template of the job shows: exactly these. */
  readonly variables: readonly string[];
  readonly prepare: (
    args: Json,
  ) => { readonly ok: true; readonly run: RunJob } | { readonly ok: false; readonly cause: string };
}

type RunJob = (context: AskContext, template: Template) => Promise<OrFailure<Json>>;

export function promptJob<S extends WithTemplate>(
  accepts: S,
  output: ModelOutputName,
  work: (context: AskContext, template: Template, args: z.infer<S>) => Promise<OrFailure<Json>>,
): PromptJob {
  return {
    templateIds: templateIdsOf(accepts),
    output,
    variables: variablesOf(accepts),
    prepare: (args) => {
      const parsed = accepts.safeParse(args);
      if (parsed.success) return { ok: true, run: (context, template) => work(context, template, parsed.data) };
      return { ok: false, cause: `The arguments do not fit: ${describeIssues(parsed.error).join('; ')}.` };
    },
  };
}

export interface PromptHandlerConfig extends JobConfig {
  readonly agent: string;
  readonly jobs: readonly PromptJob[];
  /** For tasks that bring their own variables. */
  readonly open?: OpenJob;
  /** The files it may write, where a task does not say. */
  readonly only?: readonly string[];
  readonly templates: Templates;
}

/** What a step says of how it is answered, and of what it works on, stands beside the arguments, and is no variable of the prompt. */
const Beside = z.object({
  maxOutputTokens: MaxOutputTokens.optional(),
  effort: Effort.optional(),
  cache: CacheWish.optional(),
  workspace: WorkspaceInput.nullish(),
  /** Which files are tests: a tester writes these alone. */
  testFiles: FilePatterns.optional(),
  /** Which of the tools of servers outside it has, each as `server` or `server:tool`; without it, those that the operator allows. */
  mcpServers: z.array(z.string().min(1).max(100)).max(100).nullish(),
  /** Which files are given and stay as they are, such as the tests that somebody else wrote. */
  protectedFiles: FilePatterns.optional(),
});

/** The files that a task may write, where its step says which: the same for a model and for a person who does it by hand. */
export const writesIn = (args: Json, only: readonly string[] | null): WriteRule =>
  writesOf(Beside.safeParse(args).data ?? {}, only);

const writesOf = (
  { testFiles, protectedFiles = [] }: z.infer<typeof Beside>,
  only: readonly string[] | null,
): WriteRule => ({ only: only === null ? null : (testFiles ?? only), never: protectedFiles });

const besideIn = (
  beside: z.infer<typeof Beside>,
  only: readonly string[] | null,
): Omit<PreparedJob, 'template' | 'run'> => ({
  ...(beside.maxOutputTokens === undefined ? {} : { maxOutputTokens: beside.maxOutputTokens }),
  ...(beside.effort === undefined ? {} : { effort: beside.effort }),
  cache: beside.cache,
  workspace: beside.workspace ?? null,
  servers: beside.mcpServers ?? null,
  writes: writesOf(beside, only),
});

/** The handler of an agent whose tasks each name a template. */
export function promptHandler(config: PromptHandlerConfig): HintedHandler {
  return async (task, hints, signal) => {
    const beside = Beside.safeParse(JsonObject.safeParse(task.arguments).data ?? {});
    if (!beside.success) return invalidInput(`The arguments do not fit: ${describeIssues(beside.error).join('; ')}.`);
    const chosen = chooseJob(config, task);
    if (!chosen.ok) return invalidInput(chosen.cause);
    const { template, run } = chosen;
    const job = {
      template,
      ...besideIn(beside.data, config.only ?? null),
      run: (context: AskContext) => run(context, template),
    };
    return runJob(config, task, job, hints, signal);
  };
}

const withoutBeside = (args: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(args).filter(([name]) => !Object.hasOwn(Beside.shape, name)));

type ChosenJob =
  | { readonly ok: true; readonly template: Template; readonly run: RunJob }
  | { readonly ok: false; readonly cause: string };

function chooseJob({ agent, jobs, open, templates }: PromptHandlerConfig, task: WorkerTask): ChosenJob {
  const object = JsonObject.safeParse(task.arguments);
  const given = withoutBeside(object.success ? object.data : {});
  const { template: id } = given;
  const found = typeof id === 'string' ? chooseTemplate(templates, id, task) : null;
  if (found?.ok === false && found.isKnown) return { ok: false, cause: found.cause };
  const template = found?.ok === true ? found.template : null;
  if (template?.agent !== agent) {
    const known = jobs.flatMap(({ templateIds }) => templateIds).join(', ');
    const whose = template === null ? '' : `, which is for the ${template.agent}`;
    const rule = `the ${agent} works with ${known}, and with any other template of its own with the same output`;
    return { ok: false, cause: `The argument template is ${JSON.stringify(id)}${whose}; ${rule}.` };
  }
  if (open !== undefined && isOpen(given)) return withTemplate(template, prepareOpen(open, template, given));
  const own = jobs.find(({ templateIds }) => templateIds.includes(template.id));
  if (own !== undefined) return withTemplate(template, own.prepare(given));
  return chooseByShape(jobs, template, given);
}

/** The job of a template that is none of the usual ones: the first of its output whose arguments these are. */
function chooseByShape(jobs: readonly PromptJob[], template: Template, given: JsonObject): ChosenJob {
  const { id, output } = template;
  const causes: string[] = [];
  for (const job of jobs.filter((each) => each.output === output)) {
    const prepared = job.prepare({ ...given, template: job.templateIds[0] ?? id });
    if (!prepared.ok) {
      causes.push(prepared.cause);
      continue;
    }
    const misfit = misfitWith(template, job.variables);
    if (misfit === null) return withTemplate(template, prepared);
    causes.push(`Here ${misfit}.`);
  }
  const nothing = `No task of the ${template.agent} has the output ${output}.`;
  return { ok: false, cause: `The template ${id} cannot be used here. ${causes[0] ?? nothing}` };
}

const withTemplate = (template: Template, prepared: ReturnType<PromptJob['prepare']>): ChosenJob =>
  prepared.ok ? { ok: true, template, run: prepared.run } : prepared;
