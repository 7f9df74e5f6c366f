import type { Json } from '@baton/contracts';
import { type CallModel, type Journal, withJournal } from '@baton/llm';
import type { TaskResult, WorkerLog, WorkerTask } from '@baton/worker';
import type { Outcome } from '../outcome.js';
import type { AskContext } from './exchange.js';
import { createLedger } from './ledger.js';

export interface JobConfig {
  readonly model: string;
  readonly callModel: CallModel;
  readonly journalFor: (commandId: string) => Journal;
  readonly log: WorkerLog;
  readonly now: () => Date;
}

/** A task whose arguments are checked: the template it asks with, and the work. */
export interface PreparedJob {
  readonly templateId: string;
  readonly run: (context: AskContext) => Promise<Outcome<Json>>;
}

/** Runs a job behind the journal of its task. What the calls used is in the result, whatever came of it. */
export async function runJob(
  config: JobConfig,
  task: WorkerTask,
  { templateId, run }: PreparedJob,
  signal: AbortSignal,
): Promise<TaskResult> {
  const { runId, commandId, state, attempt } = task;
  const ledger = createLedger();
  const { call, counts } = withJournal(config.callModel, config.journalFor(commandId));
  const { model, now } = config;
  const outcome = await run({ callModel: call, model, conversationId: runId, ledger, now, signal });
  const journal = counts();
  config.log.info(
    { runId, commandId, state, attempt, template: templateId, ok: outcome.ok, ...journal },
    'asked the model',
  );
  const facts = { ...ledger.facts(), journal };
  return outcome.ok ? { ok: true, output: outcome.value, ...facts } : { ...outcome, ...facts };
}
