import { tmpdir } from 'node:os';
import type { AGENT_WORKERS, Effort, JournalPart } from '@baton/contracts';
import { type Knowledge, openKnowledge } from '@baton/knowledge';
import { type CallModel, type ConnectedModel, type Journal, type ModelPrice, OFFLINE_MODEL } from '@baton/llm';
import type { SandboxChoice } from '@baton/sandbox';
import type { WorkerMetrics } from '@baton/telemetry/metrics';
import type { TaskHandler, WorkerLog } from '@baton/worker';
import type { BlobStore } from '@baton/workspace';
import { advise } from './advisor/advise.js';
import { lookAtFiles } from './hand-ins/look-at-files.js';
import { lookAtAdvice, lookAtAnswer, lookAtPlan, lookAtReview } from './hand-ins/look-at-outputs.js';
import { type LookAtHandIn, withHandIns } from './hand-ins/with-hand-ins.js';
import { type PromptHandlerConfig, type PromptJob, promptHandler, promptJob } from './model/prompt-handler.js';
import type { JobConfig } from './model/run-job.js';
import { withGoals } from './planner/goals/goal-jobs.js';
import { plan } from './planner/plan.js';
import { revise } from './planner/revise.js';
import { implement } from './programmer/implement.js';
import { refine } from './programmer/refine.js';
import { withMerges } from './programmer/with-merges.js';
import { writeOpen } from './programmer/write-open.js';
import { SCHEMAS_IN_PLACE, type SchemaChecks } from './prompt/answer-schema.js';
import { singlePromptHandler } from './prompt/single-prompt-handler.js';
import { openSetUps } from './set-up/set-ups.js';
import type { SetUpSettings } from './set-up/settings.js';
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
  WriteTestsArguments,
} from './task/task-arguments.js';
import type { Templates } from './templates/load-templates.js';
import { writeTests } from './tester/write-tests.js';
import { withJobs } from './validator/jobs/job-handler.js';
import { review } from './validator/review.js';
import { findPython } from './validator/tools/find-python.js';
import { DEFAULT_LIMITS } from './validator/tools/run-tools.js';
import { findToolchain } from './validator/tools/tool-files.js';
import { withTools } from './validator/tools/tool-handler.js';
import { benchesIn } from './workbench/with-bench.js';
import { TEST_FILES } from './workbench/write-rule.js';

/** The agents that work on tasks; each has a queue and a service of its own. */
export type WorkingAgent = (typeof AGENT_WORKERS)[number];

export interface AgentsConfig {
  readonly callModel: CallModel;
  readonly countTokens?: ConnectedModel['countTokens'] | undefined;
  /** How many tokens a model can hold, where that can be found out. */
  readonly contextTokens?: ConnectedModel['contextTokens'] | undefined;
  /** How much thought answers are worth, where a step does not say; the model's own where it is absent. */
  readonly effort?: Effort | undefined;
  /** Those that Baton knows, where it is absent. */
  readonly prices?: readonly ModelPrice[] | undefined;
  /** The model an agent's questions go to. */
  readonly modelFor: (agent: WorkingAgent) => string;
  /** The templates of all layers; see `loadTemplates`. */
  readonly templates: Templates;
  /** What code is executed in; see `findingSandbox`. */
  readonly sandbox: () => Promise<SandboxChoice>;
  /** Where the model's responses to one command are kept. */
  readonly journalFor: (commandId: string, continues?: readonly JournalPart[]) => Journal;
  /** See `JobConfig`. */
  readonly turnsFor?: JobConfig['turnsFor'];
  /** See `JobConfig`. */
  readonly cacheFor?: JobConfig['cacheFor'];
  readonly offlineWork: OfflineWorkRecord;
  /** Whether the model and its server take tools; absent: true. Without, a question is asked once and answered in one text. */
  readonly hasToolUse?: boolean;
  /** Where versions of workspaces are kept, and what tools make of files. */
  readonly blobs: BlobStore;
  /** Where documentation may be read from, beside the files of a run; absent: nowhere. */
  readonly knowledge?: Knowledge | undefined;
  readonly log: WorkerLog;
  readonly now: () => Date;
  /** See `SinglePromptConfig`. */
  readonly schemas?: SchemaChecks | undefined;
  /** See `JobConfig`. */
  readonly servers?: JobConfig['servers'];
  /** See `JobConfig`. */
  readonly provider?: JobConfig['provider'];
  readonly metrics?: WorkerMetrics | undefined;
  /** How workspaces are prepared; without it, those that need it are not judged. */
  readonly setUp?: SetUpSettings | undefined;
}

/** The handlers of planner, validator, programmer, tester, prompt and advisor. */
export function createAgents(given: AgentsConfig): Readonly<Record<WorkingAgent, TaskHandler>> {
  const config = { ...given, knowledge: given.knowledge ?? filesOfRunsOnly(given.now) };
  const configFor = (agent: WorkingAgent) => {
    const model = config.modelFor(agent);
    return { ...config, model, isOfflineOnly: model === OFFLINE_MODEL };
  };
  const withBench = benchesIn({ tmpDir: tmpdir(), store: config.blobs, now: config.now });
  const handler = (
    agent: WorkingAgent,
    jobs: readonly PromptJob[],
    more: Pick<PromptHandlerConfig, 'open' | 'only'> = {},
  ): HintedHandler => promptHandler({ ...configFor(agent), ...more, withBench, agent, jobs });
  const reviews = [promptJob(ReviewPlanArguments, 'Review', review), promptJob(ReviewCodeArguments, 'Review', review)];
  const toolSettings = {
    limits: DEFAULT_LIMITS,
    sandbox: config.sandbox,
    toolchain: findToolchain,
    tmpDir: tmpdir(),
    now: config.now,
    python: findPython,
    blobs: config.blobs,
    setUps: config.setUp === undefined ? undefined : openSetUps(config.setUp, config.now),
  };
  const programming = { checks: toolSettings };
  const programmer = [
    promptJob(ImplementArguments, 'Implementation', implement(programming)),
    promptJob(RefineArguments, 'Refinement', refine(programming)),
  ];
  const tests = promptJob(WriteTestsArguments, 'Implementation', writeTests(programming));
  const open = writeOpen(programming);
  const tester = handler('tester', [tests], { open, only: TEST_FILES });
  const handIns = { ...config, schemas: config.schemas ?? SCHEMAS_IN_PLACE };
  const agent = (name: WorkingAgent, work: HintedHandler, look: LookAtHandIn): TaskHandler =>
    withHandIns(withHints(work), look, { agent: name, log: config.log });
  return {
    planner: agent(
      'planner',
      withGoals(
        handler('planner', [promptJob(PlanArguments, 'Plan', plan), promptJob(RevisePlanArguments, 'Plan', revise)]),
      ),
      lookAtPlan,
    ),
    validator: agent(
      'validator',
      withJobs(withTools(handler('validator', reviews), toolSettings, config), toolSettings, config),
      lookAtReview(handIns),
    ),
    programmer: agent(
      'programmer',
      withMerges(handler('programmer', programmer, { open }), config),
      lookAtFiles(handIns, null),
    ),
    tester: agent('tester', tester, lookAtFiles(handIns, TEST_FILES)),
    prompt: agent(
      'prompt',
      singlePromptHandler({ ...configFor('prompt'), withBench, checks: toolSettings }),
      lookAtAnswer(handIns),
    ),
    advisor: agent('advisor', handler('advisor', [promptJob(AdviceArguments, 'Advice', advise)]), lookAtAdvice),
  };
}

const filesOfRunsOnly = (now: () => Date): Knowledge =>
  openKnowledge({ roots: [], hosts: [], allowPrivate: false, hidden: [], now });
