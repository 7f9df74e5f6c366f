export {
  type Catalog,
  type CatalogEntry,
  type CatalogListing,
  createCatalog,
  describeNames,
  type ShippedWorkflow,
  type UnreadableWorkflow,
  type WorkflowOrigin,
} from './catalog/catalog.js';
export { type CheckedDocument, checkDocument, type WorkflowFinding } from './catalog/check-document.js';
export { checkInput, type InputFinding } from './catalog/input-check.js';
export { openCatalog, openWorkflowCatalog } from './catalog/open-catalog.js';
export { parseYaml } from './catalog/parse-yaml.js';
export { type Publication, publishWorkflow } from './catalog/publish-workflow.js';
export { readWorkflowFiles } from './catalog/read-workflow-files.js';
export { readModelMigrations } from './migrations.js';
export { readEvent, rebuild } from './projection/project-page.js';
export { Projector, type ProjectorLog, type ProjectorOptions, type ProjectorState } from './projection/projector.js';
export { type BacktestPage, backtestDecisions, UnknownDimension } from './queries/backtest-decisions.js';
export { getApproval } from './queries/get-approval.js';
export { findRun, getRun, type RunLookup } from './queries/get-run.js';
export { type DecisionScope, judgeDecisions } from './queries/judge-decisions.js';
export { type ApprovalPage, listApprovals } from './queries/list-approvals.js';
export { type DecisionFilter, type DecisionPage, listDecisions } from './queries/list-decisions.js';
export { listRuns, type RunFilter, type RunPage } from './queries/list-runs.js';
export { acceptedView } from './requests/accepted-view.js';
export { type HttpRequest, type Remembered, recallRequest, rememberRequest } from './requests/remember-request.js';
export { blankView } from './run-view/blank-view.js';
export { evolveRunView } from './run-view/evolve-run-view.js';
export { type EventMeta, MOST_STEPS, type RunFold } from './run-view/run-fold.js';
export { viewOf } from './run-view/view-of.js';
export { verifyViews } from './verify-views.js';
