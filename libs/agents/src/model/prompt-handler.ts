import { type Json, JsonObject } from '@baton/contracts';
import { type CallModel, type Journal, withJournal } from '@baton/llm';
import type { TaskHandler, WorkerLog } from '@baton/worker';
import type { z } from 'zod';
import { invalidInput, type Outcome } from '../outcome.js';
import { templateIdsOf, type WithTemplate } from '../task-arguments.js';
import type { Templates } from '../templates/load-templates.js';
import type { Template } from '../templates/template.js';
import type { AskContext } from './ask.js';
import { createLedger } from './ledger.js';
import { describeIssues } from './parse-answer.js';

/** One kind of task that asks a model: which templates it goes with, and what it does once its arguments are checked. */
export interface PromptJob {
  readonly templateIds: readonly string[];
  readonly prepare: (
    args: Json,
  ) => { readonly ok: true; readonly run: RunJob } | { readonly ok: false; readonly cause: string };
}

type RunJob = (context: AskContext, template: Template) => Promise<Outcome<Json>>;

export function promptJob<S extends WithTemplate>(
  accepts: S,
  work: (context: AskContext, template: Template, args: z.infer<S>) => Promise<Outcome<Json>>,
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

export interface PromptHandlerConfig {
  readonly agent: string;
  readonly jobs: readonly PromptJob[];
  readonly templates: Templates;
  readonly model: string;
  readonly callModel: CallModel;
  readonly journalFor: (commandId: string) => Journal;
  readonly log: WorkerLog;
  readonly now: () => Date;
}

/** The handler of an agent whose tasks each name a template. What the calls used is in the result, whatever came of it. */
export function promptHandler(config: PromptHandlerConfig): TaskHandler {
  return async (task, signal) => {
    const chosen = chooseJob(config, task.arguments);
    if (!chosen.ok) return invalidInput(chosen.cause);
    const { template, run } = chosen;
    const ledger = createLedger();
    const { call, counts } = withJournal(config.callModel, config.journalFor(task.commandId));
    const { model, now } = config;
    const outcome = await run({ callModel: call, model, conversationId: task.runId, ledger, now, signal }, template);
    const journal = counts();
    const { runId, commandId, state, attempt } = task;
    config.log.info(
      { runId, commandId, state, attempt, template: template.id, ok: outcome.ok, ...journal },
      'asked the model',
    );
    const facts = { ...ledger.facts(), journal };
    return outcome.ok ? { ok: true, output: outcome.value, ...facts } : { ...outcome, ...facts };
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
