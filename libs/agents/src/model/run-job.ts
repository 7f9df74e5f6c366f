import { randomUUID } from 'node:crypto';
import {
  BatonErrorName,
  type CacheWish,
  ConversationEntry,
  type Effort,
  type JournalPart,
  type Json,
  toError,
  type WorkspaceInput,
} from '@baton/contracts';
import type { Knowledge } from '@baton/knowledge';
import {
  type AnswerCache,
  byTurns,
  type CallModel,
  type ConnectedModel,
  type Journal,
  type ModelPrice,
  type ModelTurns,
  OFFLINE_MODEL,
  type SpentCall,
  strongerModel,
  withAnswerCache,
  withJournal,
} from '@baton/llm';
import { createOfflineModel } from '@baton/offline-model';
import { entriesBefore, type TaskResult, type WorkerLog, type WorkerTask } from '@baton/worker';
import type { BlobStore } from '@baton/workspace';
import { openTaskKnowledge } from '../knowledge/task-knowledge.js';
import type { ServerConnection } from '../servers/server-connection.js';
import { openTaskServers } from '../servers/task-servers.js';
import type { Hints } from '../task/hints.js';
import { type OfflineWorkRecord, offlineWorkOf } from '../task/offline-work.js';
import type { OrFailure } from '../task/or-failure.js';
import type { Template } from '../templates/template.js';
import type { WithBench } from '../workbench/with-bench.js';
import { ANY_FILE, type WriteRule } from '../workbench/write-rule.js';
import type { AskContext } from './exchange.js';
import { createLedger } from './ledger.js';
import { type CallObservers, observed } from './observed-calls.js';
import { withinBudget } from './within-budget.js';

export interface JobConfig {
  readonly model: string;
  readonly callModel: CallModel;
  /** Whether no other model than the offline one can be reached. Absent: false. */
  readonly isOfflineOnly?: boolean;
  /** Where the server of the model counts tokens. */
  readonly countTokens?: ConnectedModel['countTokens'] | undefined;
  /** How many tokens a model can hold, where that can be found out. */
  readonly contextTokens?: ConnectedModel['contextTokens'] | undefined;
  /** How much thought answers are worth, where the step does not say; the model's own where it is absent. */
  readonly effort?: Effort | undefined;
  /** Those that Baton knows, where it is absent. */
  readonly prices?: readonly ModelPrice[] | undefined;
  readonly journalFor: (commandId: string, continues?: readonly JournalPart[]) => Journal;
  /** Answers of models that steps let others take over; none are, where it is absent. */
  readonly cacheFor?: ((commandId: string, ttlSeconds: number) => AnswerCache) | undefined;
  /** Turns to ask models by; absent: they are asked at once. */
  readonly turnsFor?: ((commandId: string) => ModelTurns) | undefined;
  readonly offlineWork: OfflineWorkRecord;
  readonly withBench: WithBench;
  /** Absent: true. */
  readonly hasToolUse?: boolean;
  /** Where versions of workspaces are kept. */
  readonly blobs: BlobStore;
  /** The servers whose tools the operator allows; absent: none. */
  readonly servers?: readonly ServerConnection[] | undefined;
  /** What the process knows of documentation. */
  readonly knowledge: Knowledge;
  readonly log: WorkerLog;
  readonly now: () => Date;
  /** See `CallObservers`. */
  readonly provider?: string | undefined;
  readonly metrics?: CallObservers['metrics'];
}

/** A task whose arguments are checked: the template it asks with, and the work. */
export interface PreparedJob {
  readonly template: Pick<Template, 'id' | 'version' | 'sha256' | 'variant'>;
  /** The most tokens of an answer, instead of what is usual for its kind. */
  readonly maxOutputTokens?: number;
  readonly workspace?: WorkspaceInput | null;
  /** Which files it may write; any where it is absent. */
  readonly writes?: WriteRule;
  /** Instead of the agent's. */
  readonly effort?: Effort;
  /** Which of the tools of servers it has; null: whatever the operator allows. */
  readonly servers?: readonly string[] | null;
  /** That its first question may be answered as another was. */
  readonly cache?: CacheWish | undefined;
  readonly run: (context: AskContext) => Promise<OrFailure<Json>>;
}

/**
 * Runs a job behind the journal of its task and within its budget. What the calls used is in the result, whatever came of
 * it. A task that is tried again with a stronger model gets the next one of the ladder.
 */
export async function runJob(
  config: JobConfig,
  task: WorkerTask,
  {
    template: { id, version, sha256, variant },
    maxOutputTokens,
    effort = config.effort,
    workspace: input = null,
    cache: wish,
    writes = ANY_FILE,
    servers: wanted = null,
    run,
  }: PreparedJob,
  hints: Hints,
  signal: AbortSignal,
): Promise<TaskResult> {
  const { runId, commandId, state, attempt, deadline, questions = 0, answer } = task;
  const { log, now, countTokens, prices, withBench, hasToolUse = true, contextTokens } = config;
  const ids = { runId, commandId, state, attempt };
  const ledger = createLedger(prices);
  const { isOfflineOnly = false } = config;
  const ofRun = task.agents?.model;
  if (ofRun !== undefined && ofRun !== OFFLINE_MODEL && isOfflineOnly) return unreachable(ofRun);
  const asked = ofRun ?? config.model;
  const model = modelFor(asked, hints, (reason) => log.warn({ ...ids, model: asked }, reason));
  const callModel = model === OFFLINE_MODEL && !isOfflineOnly ? createOfflineModel() : config.callModel;
  // Within the journal: what it answers was paid before, and only what is still to be paid needs room in the budget.
  const inTurn = turned(observed(callModel, config), config.turnsFor?.(commandId), (err) =>
    log.warn({ ...ids, reason: toError(err).message }, 'the end of a call of a model was not told'),
  );
  const admitted = withinBudget(inTurn, task.budget, { ledger, now, countTokens, prices });
  const onPaid = (spent: SpentCall): void => ledger.book(spent, now());
  const continues = await conversationsIn(config, task);
  const journal = config.journalFor(commandId, continues);
  const caching = cachedOr(admitted, wish === undefined ? undefined : config.cacheFor?.(commandId, wish.ttlSeconds));
  const { call, counts } = withJournal(caching.call, journal, { onPaid, now });
  const own = { calls: 0, replayed: 0 };
  const count = (isReplayed: boolean): void => {
    own.calls += 1;
    if (isReplayed) own.replayed += 1;
  };
  const offlineWork = offlineWorkOf(config.offlineWork, commandId);
  const bound = {
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(effort === undefined ? {} : { effort }),
  };
  const until = deadline === undefined ? {} : { deadline };
  const before = continues.length === 0 ? null : { entries: entriesBefore(continues), answer: answer ?? null };
  const asking = { questions, before };
  const calls = { callModel: call, callDirectly: caching.call, journal, count, withBench, hasToolUse, contextTokens };
  const workspace = { input, store: config.blobs };
  const knowledge = openTaskKnowledge(config.knowledge, config.blobs);
  const servers = openTaskServers(config.servers ?? [], { step: wanted, run: task.agents?.mcpServers ?? null });
  const shared = { ledger, servers, offlineWork, workspace, writes, knowledge, now, signal };
  const common = { ...calls, model, hints, conversationId: runId, ...shared, asking };
  const outcome = await run({ ...common, ...bound, ...until });
  if (outcome.ok) await caching.keep();
  const counted = { calls: counts().calls + own.calls, replayed: counts().replayed + own.replayed };
  const recovery = hints.recovery === null ? {} : { recovery: hints.recovery.strategy };
  log.info(
    { ...ids, template: id, variant, templateSha256: sha256, model, ...recovery, ok: outcome.ok, ...counted },
    'asked the model',
  );
  const facts = {
    ...ledger.facts(),
    ...knowledge.facts(),
    journal: counted,
    template: { id, version, sha256, variant },
  };
  return outcome.ok ? { ok: true, output: outcome.value, ...facts } : { ...outcome, ...facts };
}

/** What the task goes on from: a single question has no turns to go on from, and is asked anew. */
async function conversationsIn(
  { journalFor }: JobConfig,
  { commandId, continues = [] }: WorkerTask,
): Promise<readonly JournalPart[]> {
  if (continues.length === 0) return [];
  const first = ConversationEntry.safeParse(await journalFor(commandId, continues).read(0));
  return first.success && first.data.kind !== 'documents' ? continues : [];
}

const turned = (call: CallModel, turns: ModelTurns | undefined, onMissed: (error: unknown) => void): CallModel =>
  turns === undefined
    ? call
    : byTurns(call, turns, { newId: randomUUID, monotonicMs: () => performance.now(), onMissed });

const cachedOr = (call: CallModel, cache: AnswerCache | undefined) =>
  cache === undefined ? { call, keep: async () => {} } : withAnswerCache(call, cache);

/** Whoever submits a run for a model must not take the answer of another for its own. */
const unreachable = (model: string): TaskResult => ({
  ok: false,
  error: BatonErrorName.modelUnavailable,
  cause: `The run asks for the model ${model}, and this service reaches none but the offline model: set ANTHROPIC_API_KEY, or BATON_PROVIDER with what it needs, and start it again.`,
  retryable: false,
});

function modelFor(usual: string, { recovery }: Hints, say: (reason: string) => void): string {
  if (recovery?.strategy !== 'escalate_model') return usual;
  const stronger = strongerModel(usual);
  if (stronger === null) say('no stronger model is known than the usual one, so the same is asked again');
  return stronger ?? usual;
}
