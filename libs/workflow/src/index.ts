export {
  type Approval,
  approversOf,
  countOf,
  missingOf,
  type Refusal,
  refusalOf,
} from './approvals/approval.js';
export { explainAnswer } from './approvals/explain-answer.js';
export { pipeline } from './builder/pipeline.js';
export {
  type Expression,
  type PipelineFacts,
  type PipelineStep,
  TRANSIENT,
  type WorkerName,
} from './builder/pipeline-step.js';
export { canonicalJson, canonicalSha256 } from './canonical-json.js';
export type { CommandMeta, Effect, RunCommand, TaskFacts } from './commands.js';
export { decide } from './decide.js';
export { Backtest, type Comparison, type Outcome } from './decisions/backtest.js';
export {
  ActionType,
  Classification,
  DecisionRecord,
  DecisionSource,
  RecoveryStrategy,
} from './decisions/decision-record.js';
export { agreementOf, cohensKappa, type JudgeAgreement, JudgeTally } from './decisions/judge-agreement.js';
export { DecisionPolicy } from './decisions/policy.js';
export { differencesOf, type RecordedEvent } from './decisions/replay.js';
export { describeEvent } from './describe-event.js';
export { DecisionPoint, Step, WorkflowDocument } from './document.js';
export { CARRYING_EVENTS, EVENT_SCHEMA_VERSION, RunEvent, type RunEventOf } from './events.js';
export { evolve } from './evolve.js';
export { type ChildWorkflow, childWorkflowsOf } from './graph/child-workflows.js';
export { toMermaid } from './graph/to-mermaid.js';
export { toText } from './graph/to-text.js';
export { type ParsedWorkflow, parseWorkflowDocument } from './parse-workflow-document.js';
export { react } from './react.js';
export { rebuild } from './rebuild.js';
export { parseResource, type Resource, workerKindOf } from './resource.js';
export { fromCarry, RunCarry, toCarry } from './run-carry.js';
export { cutAt } from './run-cut.js';
export {
  type CommandState,
  type FrameState,
  initialState,
  type NewRun,
  ParentRun,
  phaseOf,
  type RoundScores,
  type RunCut,
  type RunState,
  type StartedRun,
  type VisitState,
} from './state.js';
export { stateToJson } from './state-to-json.js';
export { upcast } from './upcast.js';
export { workerOf } from './worker-of.js';
