import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import type { Effort } from '@baton/contracts';
import type { CallModel, ConnectedModel, Journal, ModelPrice } from '@baton/llm';
import type { TaskHandler, WorkerLog } from '@baton/worker';
import { advise } from './advisor/advise.js';
import { type PromptJob, promptHandler, promptJob } from './model/prompt-handler.js';
import { plan } from './planner/plan.js';
import { revise } from './planner/revise.js';
import { implement } from './programmer/implement.js';
import { refine } from './programmer/refine.js';
import type { SchemaChecks } from './prompt/answer-schema.js';
import { singlePromptHandler } from './prompt/single-prompt-handler.js';
import { type HintedHandler, withHints } from './task/hints.js';
import type { OfflineWorkRecord } from './task/offline-work.js';
import {
  AdviceArguments,
  ImplementArguments,
  PlanArguments,
  RefineArguments,
  ReviewCodeArguments,
  ReviewPlanArguments,
  RevisePlanArguments,
} from './task/task-arguments.js';
import { loadTemplates } from './templates/load-templates.js';
import { review } from './validator/review.js';
import { findPython } from './validator/tools/find-python.js';
import { DEFAULT_LIMITS, type ExecuteGenerated } from './validator/tools/run-tools.js';
import { findingIsolation } from './validator/tools/tool-files.js';
import { withTools } from './validator/tools/tool-handler.js';

/** The agents that work on tasks; each has a queue and a service of its own. */
export type WorkingAgent = 'planner' | 'validator' | 'programmer' | 'prompt' | 'advisor';

export interface AgentsConfig {
  readonly callModel: CallModel;
  readonly countTokens?: ConnectedModel['countTokens'] | undefined;
  /** How much thought answers are worth, where a step does not say; the model's own where it is absent. */
  readonly effort?: Effort | undefined;
  /** Those that Baton knows, where it is absent. */
  readonly prices?: readonly ModelPrice[] | undefined;
  /** The model an agent's questions go to. */
  readonly modelFor: (agent: WorkingAgent) => string;
  readonly promptsDir: string;
  readonly executeGenerated: ExecuteGenerated;
  /** Folders that hold secrets of ours, and of which a child that executes code is shown nothing. */
  readonly secretFolders: readonly string[];
  /** Where the model's responses to one command are kept. */
  readonly journalFor: (commandId: string) => Journal;
  readonly offlineWork: OfflineWorkRecord;
  readonly log: WorkerLog;
  readonly now: () => Date;
  /** See `SinglePromptConfig`. */
  readonly schemas?: SchemaChecks | undefined;
}

/**
 * The handlers of planner, validator, programmer, prompt and advisor. Reads the prompt templates, once: a broken or missing one throws
 * BatonError (`template-broken`, `template-missing`), and the service must not start.
 */
export async function createAgents(config: AgentsConfig): Promise<Readonly<Record<WorkingAgent, TaskHandler>>> {
  const templates = await loadTemplates(config.promptsDir);
  const handler = (agent: WorkingAgent, jobs: readonly PromptJob[]): HintedHandler =>
    promptHandler({ ...config, agent, jobs, templates, model: config.modelFor(agent) });
  const reviews = [promptJob(ReviewPlanArguments, 'Review', review), promptJob(ReviewCodeArguments, 'Review', review)];
  const toolSettings = {
    executeGenerated: config.executeGenerated,
    limits: DEFAULT_LIMITS,
    tmpDir: tmpdir(),
    now: config.now,
    newRunMark: randomUUID,
    python: findPython,
    isolation: findingIsolation(tmpdir(), config.secretFolders),
  };
  const programmer = [
    promptJob(ImplementArguments, 'Implementation', implement),
    promptJob(RefineArguments, 'Refinement', refine),
  ];
  return {
    planner: withHints(
      handler('planner', [promptJob(PlanArguments, 'Plan', plan), promptJob(RevisePlanArguments, 'Plan', revise)]),
    ),
    validator: withHints(withTools(handler('validator', reviews), toolSettings, config)),
    programmer: withHints(handler('programmer', programmer)),
    prompt: withHints(singlePromptHandler({ ...config, templates, model: config.modelFor('prompt') })),
    advisor: withHints(handler('advisor', [promptJob(AdviceArguments, 'Advice', advise)])),
  };
}
