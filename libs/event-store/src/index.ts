export { accessBeginning, accessChain, accessHead, verifyAccessLog } from './access-chain.js';
export { type AccessNote, noteAccess, readAccessLog } from './access-log.js';
export { agentsKeepingLimits, announceWorker, drainWorker, type KindOfWorker, livingKinds } from './announce-worker.js';
export {
  endedApiKeys,
  type FoundApiKey,
  findApiKey,
  findApiKeyById,
  findApiKeyByName,
  holdApiKey,
  type KeyChange,
  type KeyMark,
  LOCAL_ADMIN,
  listApiKeys,
  noteKeysUsed,
  ownerOfNewKey,
  revokeApiKey,
  rotateApiKey,
  type StoredApiKey,
  statusOf,
  storeApiKey,
} from './api-keys.js';
export { appendBatch } from './append.js';
export {
  archiveLookedTo,
  dueAgain,
  endedAfter,
  type GroupMember,
  groupOf,
  lookAgain,
  lookNoMore,
} from './archive-candidates.js';
export {
  ARCHIVING,
  type ArchivedAbout,
  type ArchivedRun,
  allArchives,
  archivedAmong,
  archivedOfSubject,
  archivedTotals,
  archiveRule,
  findArchivedRuns,
  holdArchiving,
  isArchive,
  listArchivedRuns,
  runsOfArchive,
  type StoredArchive,
  setArchiveRule,
  unfinishedArchives,
} from './archive-rows.js';
export {
  type ArchivedGroup,
  archiveRuns,
  beginRestore,
  clearArchived,
  finishRestore,
  forgetArchive,
  NotToArchive,
  restoreBlob,
  restoreEvents,
  restoreJournal,
} from './archive-runs.js';
export { assertSchema } from './assert-schema.js';
export type {
  AppendItem,
  AppendResult,
  CommandRow,
  Conflict,
  NewCommand,
  NewEvent,
  UnseenRequest,
} from './batch.js';
export { blobPages } from './blob-rows.js';
export { type BlobSweep, hashesIn, holdBlobs, markSealed, nextSealedRun, sweepBlobs } from './blob-sweep.js';
export { getBlob, getBytes, putBlob, putBytes, putUpload } from './blobs.js';
export { type CachedAnswer, cacheAnswer, cachedAnswerOf } from './cached-answers.js';
export { childrenEnded, childrenToStart, nestedRuns, orphanedRuns } from './children.js';
export { type ClosedReason, closedCommands } from './closed-commands.js';
export {
  bumpDispatch,
  commandsDue,
  commandsUnadvised,
  type DueCommand,
  outstandingCommands,
  undispatchedCommands,
} from './commands.js';
export { database } from './database.js';
export { LaneFenced } from './database-errors.js';
export { databaseTimeMs } from './database-time.js';
export {
  findDeadLetter,
  lettersToSend,
  listDeadLetters,
  openLetterOf,
  recordDeadLetter,
  type StoredDeadLetter,
} from './dead-letters.js';
export { approvalGiven, beginDeployment, endDeployment } from './deployments.js';
export { type NamedDocument, withDocuments } from './documents.js';
export { gathering } from './gathering.js';
export {
  deleteGraphThread,
  type GraphPlace,
  graphCheckpoints,
  graphWrites,
  putGraphCheckpoint,
  putGraphWrites,
} from './graph-threads.js';
export { moveHeartbeat, waitsForHeartbeat } from './heartbeats.js';
export { findHook, listHooks, MOST_HOOKS, removeHook, type StoredHook, storeHook } from './hooks.js';
export { inTransaction } from './in-transaction.js';
export {
  acceptedBeginning,
  acceptedRequest,
  acceptRequest,
  findRequest,
  forgetRequest,
  isRunAccepted,
  type PendingRequest,
  pendingRequests,
  storedMessage,
  type WaitingRequest,
} from './inbox.js';
export { journalBefore, journalOf, journalRead, journalWrite } from './journal.js';
export {
  erasedRuns,
  type JournalRow,
  journalDigest,
  journalEntries,
  journaledCommands,
  modelTime,
} from './journal-rows.js';
export { doOnce, keptAnswer, type OnceOutcome } from './kept-answers.js';
export {
  claimLane,
  heldLanes,
  type Lane,
  lanesLeftBehind,
  listLanes,
  releaseLane,
  renewLane,
  saveDispatched,
} from './lanes.js';
export { readLimits, setLimits } from './limits.js';
export {
  createLineage,
  documentsToPublish,
  findLineage,
  isVersionOf,
  landVersion,
  lineageVersions,
  listLineages,
  type NotLanded,
  type ToLand,
  versionsToLand,
  type WaitsToLand,
} from './lineages.js';
export { type ListedSession, listWebSessions } from './listed-sessions.js';
export { type LogRow, logRows, type RunRange, runRows } from './log-rows.js';
export {
  acceptLogLoss,
  assertNoLogLoss,
  isLogEndLost,
  type KnownEnd,
  type LogLoss,
  LogWitness,
} from './log-witness.js';
export { provideLogins } from './logins.js';
export { migrate } from './migrate.js';
export {
  lineageReferences,
  missingBlobs,
  missingFiles,
  resourceOfCommand,
  type SideReference,
  templateReferences,
} from './missing-blobs.js';
export {
  endModelCall,
  type ModelTurn,
  type ModelTurnAsked,
  modelCallGoesOn,
  modelLoads,
  modelTurn,
} from './model-calls.js';
export { isOfflineWork, recordOfflineWork } from './offline-work.js';
export { operationsMarks } from './operations-marks.js';
export {
  erasePersonal,
  findPersonalSubject,
  listPersonalErasures,
  personalKeyStore,
} from './personal-keys.js';
export { assertWritable, createPool, one, type PoolOptions, query } from './pool.js';
export {
  createProducer,
  findProducer,
  listProducers,
  type Producer,
  provideProducerGroup,
  revokeProducer,
} from './producers.js';
export { pruneAccessLog, pruneDeadLetters, pruneRequests, pruneSideRows } from './prune-rows.js';
export { type NonceOf, readNonces } from './queue-key.js';
export { noteRefused, noteRefusedResult } from './refused-results.js';
export { acceptedOfLetter, letterSent, openCommand, requeueLetter } from './requeue-letter.js';
export { runIdsFrom } from './run-ids.js';
export { listFirings, noteManualStart, type StoredFiring } from './schedule-firings.js';
export {
  changeSchedule,
  type DueSchedule,
  dueSchedules,
  type FiringToWrite,
  findSchedule,
  fireSchedule,
  listSchedules,
  MOST_SCHEDULES,
  type PlaceInDue,
  removeSchedule,
  type StoredSchedule,
  storeSchedule,
} from './schedules.js';
export { eventStoreMigrations, type MigrationSet } from './schema-files.js';
export { assertShard, setShard } from './shards.js';
export {
  findRunIds,
  isParked,
  logHead,
  newestSnapshot,
  parkRun,
  readBareStream,
  readFacts,
  readFactsOfState,
  readLog,
  readLogByRun,
  readStream,
  releaseParkedRuns,
  releaseRun,
  type StoredEvent,
  streamEnd,
  streamVersion,
} from './streams.js';
export { beginSuspect, clearSuspect, type Suspect } from './suspects.js';
export type { Tables as EventStoreTables } from './tables.js';
export { knowledgeOfRun, lastOutputWithFiles, workspaceVersions } from './task-outputs.js';
export { readTaskTokens, type TaskTokenOf, type TokenStanding, taskByToken } from './task-tokens.js';
export { tellTemplates, templateSets, templateVersions } from './templates.js';
export {
  asOnlyOne,
  checkpointsBefore,
  checkpointsFrom,
  extendTree,
  logName,
  newestCheckpoint,
  readTile,
  storedHashes,
  type TileGrowth,
  treeSize,
} from './tree-store.js';
export { type Place, verifyLog, verifyStream } from './verify.js';
export {
  capLoads,
  type InLine,
  type LetIn,
  type LineView,
  leaveLine,
  lineState,
  lineUp,
  putBack,
  type RunToWait,
  readLine,
  takeUp,
} from './waiting-runs.js';
export {
  beginWebSession,
  endWebSession,
  type HeldCredential,
  keepSignInCode,
  openWebSessions,
  pruneSignIns,
  takeSignInCode,
  useWebSession,
  type WebSession,
} from './web-sessions.js';
export { refuseWorker, type WorkerBefore, workersBefore } from './workers-before.js';
