import { type Json, JsonObject } from '@baton/contracts';
import type { z } from 'zod';
import type { HintedHandler } from '../task/hints.js';
import { invalidInput, type OrFailure } from '../task/or-failure.js';
import { describeIssues } from '../task/problems.js';
import { templateIdsOf, type WithTemplate } from '../task/task-arguments.js';
import type { Templates } from '../templates/load-templates.js';
import type { Template } from '../templates/template.js';
import type { AskContext } from './exchange.js';
import { type JobConfig, runJob } from './run-job.js';

/** One kind of task that asks a model: which templates it goes with, and what it does once its arguments are checked. */
export interface PromptJob {
  readonly templateIds: readonly string[];
  readonly prepare: (
    args: Json,
  ) => { readonly ok: true; readonly run: RunJob } | { readonly ok: false; readonly cause: string };
}

type RunJob = (context: AskContext, template: Template) => Promise<OrFailure<Json>>;

export function promptJob<S extends WithTemplate>(
  accepts: S,
  work: (context: AskContext, template: Template, args: z.infer<S>) => Promise<OrFailure<Json>>,
): PromptJob {
  return {
    templateIds: templateIdsOf(accepts),
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
  readonly templates: Templates;
}

/** The handler of an agent whose tasks each name a template. */
export function promptHandler(config: PromptHandlerConfig): HintedHandler {
  return async (task, hints, signal) => {
    const chosen = chooseJob(config, task.arguments);
    if (!chosen.ok) return invalidInput(chosen.cause);
    const { template, run } = chosen;
    return runJob(config, task, { templateId: template.id, run: (context) => run(context, template) }, hints, signal);
  };
}

type ChosenJob =
  | { readonly ok: true; readonly template: Template; readonly run: RunJob }
  | { readonly ok: false; readonly cause: string };

function chooseJob({ agent, jobs, templates }: PromptHandlerConfig, args: Json): ChosenJob {
  const object = JsonObject.safeParse(args);
  const id = object.success ? object.data.template : undefined;
  const job = jobs.find(({ templateIds }) => typeof id === 'string' && templateIds.includes(id));
  const template = typeof id === 'string' ? templates.get(id) : undefined;
  if (job === undefined || template === undefined) {
    const known = jobs.flatMap(({ templateIds }) => templateIds).join(', ');
    return { ok: false, cause: `The argument template is ${JSON.stringify(id)}; the ${agent} works with ${known}.` };
  }
  if (template.agent !== agent)
    return { ok: false, cause: `The template ${template.id} is for the ${template.agent}.` };
  const prepared = job.prepare(args);
  return prepared.ok ? { ok: true, template, run: prepared.run } : prepared;
}
