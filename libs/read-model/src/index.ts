export { readModel } from './database.js';
export { readModelMigrations } from './migrations.js';
export { foldRuns, forgetRuns } from './projection/come-and-go.js';
export { readCursor } from './projection/fold-store.js';
export { Projector } from './projection/projector.js';
export type { Answering } from './queries/answerable.js';
export { type BacktestPage, backtestDecisions, UnknownDimension } from './queries/backtest-decisions.js';
export { calibrate } from './queries/calibrate.js';
export { continuedBy } from './queries/continued-by.js';
export type { DecisionScope } from './queries/decided.js';
export { expectRun, expectWorkflow } from './queries/expect-run.js';
export { getApproval } from './queries/get-approval.js';
export { findRun, getRun, type RunLookup } from './queries/get-run.js';
export { judgeDecisions } from './queries/judge-decisions.js';
export { type AnomalyPage, listAnomalies } from './queries/list-anomalies.js';
export { listAnswers } from './queries/list-answers.js';
export { listApprovals } from './queries/list-approvals.js';
export { type DecisionPage, listDecisions } from './queries/list-decisions.js';
export {
  cursorOfRuns,
  listRuns,
  newestFirst,
  placeOfRunsCursor,
  type RunPage,
} from './queries/list-runs.js';
export { knownKinds, listWorkers } from './queries/list-workers.js';
export { projectedTo } from './queries/projected-to.js';
export { pruneAcceptedRequests } from './queries/prune-accepted-requests.js';
export {
  decisionsOfNewest,
  newestRuns,
  type RecordedDecision,
  recordedDecisions,
} from './queries/recorded-decisions.js';
export { isInScope, type RunScope } from './queries/run-scope.js';
export { statusesOf } from './queries/statuses-of.js';
export { expectSteps } from './queries/step-history.js';
export { sumUsage, TooMuchToAdd, UnknownTimeZone } from './queries/sum-usage.js';
export { workOfRun } from './queries/work-of-run.js';
export { blankView } from './run-view/blank-view.js';
export { verifyRunView, verifyViews } from './verify-views.js';
