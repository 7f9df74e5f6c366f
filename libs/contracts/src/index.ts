export type { Alongside } from './alongside.js';
export * from './anomalies.js';
export {
  type AccessEntry,
  AccessLog,
  AccessLogCheck,
  AccessScope,
  ApiKeyCreated,
  ApiKeyList,
  ApiKeyRotated,
  ApiKeyView,
  CreateApiKey,
  RotateApiKey,
  WhoAmI,
} from './api-keys.js';
export {
  AnsweredApproval,
  AnsweredApprovalList,
  ApprovalList,
  ApprovalPage,
  ApprovalSummary,
  ApprovalView,
} from './approval-views.js';
export { ApprovalPolicy, Approver, Role, roleOf } from './approvals.js';
export { ArchiveDone, ArchivedRunView, ArchiveList } from './archives.js';
export {
  type Asked,
  type AskedPanel,
  type AskedReview,
  type AskedToolReport,
  askedIn,
  isJsonObject,
  versionsIn,
} from './asked.js';
export {
  CheckpointView,
  EventProof,
  SignedLog,
  Verification,
  VerificationLine,
  VerificationProgress,
} from './audit.js';
export { BUNDLE, BUNDLE_LIMIT_BYTES, MessageBundle, MOST_IN_BUNDLE } from './bundles.js';
export * from './condition-in-words.js';
export { isConnectionLoss } from './connection-loss.js';
export { ConsiderBody, Considered } from './considered.js';
export {
  type AnswerEntry,
  Conversation,
  ConversationEntry,
  type DocumentsEntry,
  type FileChange,
  GraphStep,
  ModelTime,
  type OpeningEntry,
  type OutcomeEntry,
} from './conversation.js';
export { Advice, BacktestReport, DecisionList, DecisionView, JudgeList } from './decisions.js';
export { type Deferred, deferred } from './deferred.js';
export { endpointOf } from './endpoint.js';
export { PROTOCOL_VERSION } from './envelope.js';
export {
  assertNever,
  BatonError,
  BatonErrorName,
  describeError,
  RetryableError,
  TerminalError,
  toError,
} from './errors.js';
export * from './expectations.js';
export { explainIssues } from './explain-issue.js';
export { GivenApproval } from './given-approval.js';
export * from './goals.js';
export { DoneBy, HandIn } from './hand-ins.js';
export * from './hooks.js';
export {
  ArtifactList,
  EventList,
  EventView,
  ItemRef,
  isSettled,
  KeptFact,
  MapView,
  Problem,
  RunAccepted,
  RunDetail,
  RunList,
  RunResult,
  RunStateView,
  RunStatus,
  RunSummary,
  RunView,
  StepView,
  SubmitRunBody,
  WaitingFor,
} from './http.js';
export {
  CommandId,
  childRequestId,
  childRunIdOf,
  commandIdOf,
  RunId,
  requestJobId,
  resultJobId,
  runIdBeside,
  runIdHere,
  runIdOfRequest,
  taskJobId,
} from './ids.js';
export {
  Actor,
  AnswerTask,
  ApprovalAnswer,
  ApprovalId,
  CancelRun,
  DecideApproval,
  DecisionMode,
  ForkRun,
  NewRequestId,
  PauseRun,
  RateRun,
  RequestId,
  ResumeRun,
  RetryRun,
  RunAgents,
  SignalName,
  SignalRun,
  SignedMessage,
  SignedRequest,
  SubmitRun,
  TaskTokenAnswer,
  TemplateId,
  VariantName,
  WorkflowName,
  WorkflowRef,
} from './intake.js';
export { nameOfItem, statesThatTakeTime } from './items.js';
export { BlobRef, INLINE_LIMIT_BYTES, Json, JsonObject } from './json.js';
export { describeChangedNumber, isKeptNumber, parseJson, WRITE_AS_TEXT } from './kept-numbers.js';
export { KnowledgeUse, ShownMedia, type SourceLeftOut, type SourceRead } from './knowledge.js';
export { LimitPolicy, ModelLoadView } from './limits.js';
export {
  CreateLineage,
  LandArguments,
  type Landing,
  LineageList,
  LineageLog,
  LineageVersion,
  LineageView,
} from './lineages.js';
export * from './logins.js';
export { addMicroUsd, microUsdOf, usdOf } from './money.js';
export { isNestedWithin, MAX_NESTING } from './nesting.js';
export * from './notification-rules.js';
export {
  DeadLetterList,
  DeadLetterView,
  Liveness,
  OperationsChange,
  OperationsPart,
  QueueList,
  QueueView,
  Readiness,
  RebuildAccepted,
  SchemaList,
} from './operating.js';
export {
  ErasePersonal,
  LookUpPersonal,
  PersonalErasureList,
  PersonalErasureView,
  PersonalSubjectView,
} from './personal-data.js';
export { actorAsJson, isSameActor, mayBeOnePerson, personOf } from './persons.js';
export { PrintedOutput } from './printed.js';
export { PRODUCER_GROUP, ProducerName, producerJobPrefix, producerLogin } from './producers.js';
export { JournalPart, TaskAnswer, TaskAsks, TaskQuestion } from './questions.js';
export {
  INTAKE_QUEUE,
  intakeMessages,
  laneResultsQueue,
  laneResultsQueues,
  type MessageSchemas,
  POSTGRES_QUEUE_SCHEMA,
  REDIS_PREFIX,
  repliesTo,
  resultMessages,
  resultsQueue,
  resultsQueues,
  workerMessages,
  workerQueue,
} from './queues.js';
export * from './recommendations.js';
export { ReplayedEngine, ReplayFault, ReplayProgress, ReplayReport } from './replays.js';
export { saidModel, withoutSaidModel, withSaidModel } from './said-model.js';
export * from './schedules.js';
export { type CutSecrets, cutFromJson, cutSecretsOf, isCutAnywhere, SECRET_CUT } from './secrets.js';
export { asUser, readServerUrls } from './server-url.js';
export { ONLY_SHARD, placed, Shard, SLOTS, shardOf } from './shards.js';
export { SessionList, SessionView, SignedIn, SignIn, SignInCode, SignInOptions } from './sign-in.js';
export { storableText } from './storable-text.js';
export { didYouMean, nearestName } from './suggest.js';
export * from './task-tokens.js';
export {
  CachedFrom,
  CacheWish,
  Effort,
  MaxOutputTokens,
  RecoveryStrategy,
  Task,
  TaskBudget,
  TaskFacts,
  TaskFailed,
  TaskHeartbeat,
  TaskSucceeded,
  Usage,
  WorkerKind,
} from './tasks.js';
export * from './templates.js';
export * from './tool-servers.js';
export * from './trace.js';
export { takesTasks, type Unserved, unservedQueues } from './unserved.js';
export * from './urgency.js';
export { UsageGroup, UsageReport } from './usage.js';
export {
  CreateWebhookBody,
  Notification,
  WebhookAttempt,
  WebhookCreated,
  WebhookDelivery,
  WebhookDeliveryList,
  WebhookEvent,
  WebhookList,
  WebhookTest,
  WebhookView,
} from './webhooks.js';
export { wilsonInterval } from './wilson.js';
export {
  ANNOUNCE_EVERY_MS,
  SILENT_AFTER_MS,
  SlowWork,
  TaskDelivery,
  TaskWork,
  WorkerAnnouncement,
  WorkerId,
  WorkerList,
  WorkerView,
} from './workers.js';
export {
  WorkflowFinding,
  WorkflowList,
  WorkflowPublished,
  WorkflowSummary,
  WorkflowValidation,
  WorkflowView,
  WorkflowWithdrawn,
} from './workflows.js';
export {
  LineageName,
  RunDiff,
  TreeVersion,
  WorkspaceInput,
  WorkspaceMade,
  WorkspaceUploaded,
  WorkspaceView,
} from './workspaces.js';
