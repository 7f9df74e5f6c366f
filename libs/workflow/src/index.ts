export {
  missingOf,
  refusalOf,
} from './approvals/approval.js';
export { unmetBy, unmetForSomebody } from './approvals/unmet-by.js';
export { Backtest, type Comparison } from './backtest/backtest.js';
export { type JudgeAgreement, JudgeTally } from './backtest/judge-agreement.js';
export { DecisionPolicy } from './backtest/policy.js';
export { differencesOf, type RecordedEvent } from './backtest/replay-decisions.js';
export { shownLevels } from './budgets/admission.js';
export { canonicalJson, canonicalSha256 } from './canonical-json.js';
export { literalPoliciesIn } from './checks/check-approvals.js';
export { byHandProblems } from './checks/check-by-hand.js';
export { checkPublication } from './checks/check-publication.js';
export { type ParsedWorkflow, parseWorkflowDocument } from './checks/parse-workflow-document.js';
export { statesOfDocument } from './checks/states-of.js';
export { type Considered, consider, type Standing } from './consider/consider.js';
export type { Outcome } from './consider/outcome.js';
export { changedCut } from './cuts/changed-cut.js';
export { cutAt } from './cuts/run-cut.js';
export { decide } from './decide.js';
export {
  ActionType,
  Classification,
  DecisionRecord,
  DecisionSource,
} from './decision-points/decision-record.js';
export { DefaultLanguage, defaultLanguageOf, documentAsMeant } from './document/default-language.js';
export { ITEMS_RESOURCE } from './document/item-resource.js';
export { lintMachine, machineOfDocument, noteChecked, readableOf } from './document/machine-of-document.js';
export { parseResource, workerKindOf } from './document/resource.js';
export { WorkflowDocument } from './document/workflow-document.js';
export { workflowDocumentSchema } from './document/workflow-schema.js';
export type { Effect } from './effect.js';
export { ENGINE_VERSION } from './engine.js';
export { describeEvent } from './events/describe-event.js';
export { toStore } from './events/named-document.js';
export { EVENT_SCHEMA_VERSION, RunEvent, type RunEventOf, SNAPSHOT_EVENTS } from './events/run-event.js';
export { TOLD_EVENTS } from './events/told-events.js';
export { readEvent, upcast } from './events/upcast.js';
export { evolve, mayFollowEnd } from './evolve.js';
export { continuedParts } from './folding/left-off.js';
export { explainAnswer } from './interpreter/explain-answer.js';
export { DEFAULT_PRIORITY } from './interpreter/start.js';
export type { RunOrder } from './orders.js';
export { ofInput as personalPlacesOfInput, personalPlaces } from './personal-places.js';
export { react } from './react.js';
export { rebuild } from './rebuild.js';
export type { ReplayDifference } from './replay/difference.js';
export type { RecordedFact } from './replay/recorded-fact.js';
export { type ReplayPorts, RunReplay } from './replay/run-replay.js';
export { DEFAULT_RUN_LIMITS, type RunLimits } from './run-limits.js';
export { frameCount } from './state/map-progress.js';
export { fromSnapshot, isSnapshotOf, RunSnapshot, toSnapshot } from './state/run-snapshot.js';
export {
  type CutChanges,
  initialState,
  ParentRun,
  type RunCut,
  type RunState,
  type StartedRun,
} from './state/run-state.js';
export { emptySegment, grown, isLong, type Segment, segmentOf } from './state/segment.js';
export { stateToJson } from './state/state-to-json.js';
export { workerOf } from './state/worker-of.js';
