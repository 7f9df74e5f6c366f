// Generated from the migrations by `npm run db:types`, and compared by the tests: not to be edited.

import type { ColumnType } from 'kysely';

type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : ColumnType<T, T | undefined, T>;

type Timestamp = ColumnType<Date, Date | string, Date | string>;

interface AccessAnchor {
  hash: Generated<Buffer>;
  only_row: Generated<boolean>;
  position: Generated<number>;
}

interface AccessHead {
  hash: Buffer;
  only_row: Generated<boolean>;
  position: number;
}

interface AccessLog {
  about: string | null;
  actor: string | null;
  address: string | null;
  at_ms: number;
  code: string | null;
  count: number;
  detail: string | null;
  hash: Buffer;
  kind: string;
  position: number;
  route: string | null;
}

interface Anomaly {
  at: Timestamp;
  deviations: number;
  direction: string;
  false_alarm_rate: number;
  measure: string;
  median: number;
  position: number;
  run_id: string;
  sample_size: number;
  value: number;
  window_size: number | null;
  workflow: string;
  workflow_version: string;
}

interface ApiKey {
  created_at: Generated<Timestamp>;
  created_by: string;
  expires_at: Timestamp | null;
  key_id: Generated<string>;
  last_used_at: Timestamp | null;
  lifetime_seconds: number | null;
  name: string;
  person: string | null;
  public_id: string | null;
  replaced_at: Timestamp | null;
  revoked_at: Timestamp | null;
  roles: string[];
  scope: string | null;
  sha256: Buffer;
}

interface Archive {
  archive_id: Generated<string>;
  at: Generated<Timestamp>;
  bytes: number;
  cleared_at: Timestamp | null;
  name: string;
  sha256: Buffer;
}

interface ArchivedRun {
  about: unknown;
  archive_id: string;
  created_at: Timestamp;
  ended_at: Timestamp;
  first_position: number;
  last_position: number;
  parent_command: string | null;
  run_id: string;
  version: number;
}

interface ArchiveLater {
  not_before: Timestamp;
  run_id: string;
  why: string;
}

interface ArchiveRule {
  after_seconds: number | null;
  changes: Generated<number>;
  looked_to: Generated<number>;
  only_row: Generated<boolean>;
}

interface Blob {
  at: Generated<Timestamp>;
  content: Buffer;
  sha256: Buffer;
  size: number;
}

interface BlobMark {
  is_read: boolean;
  sha256: Buffer;
}

interface BlobSweep {
  after: string[] | null;
  began_at: Timestamp | null;
  cutoff: Timestamp | null;
  ended_at: Timestamp | null;
  only_row: Generated<boolean>;
  phase: Generated<string>;
  read_bytes: Generated<number>;
  removed: Generated<number>;
  removed_bytes: Generated<number>;
  source: string | null;
  sources: Generated<string[]>;
}

interface CachedAnswer {
  at: Generated<Timestamp>;
  command_id: string;
  expires_at: Timestamp;
  queue: string;
  request_sha256: Buffer;
  response: string;
}

interface Checkpoint {
  at: Generated<Timestamp>;
  note: string;
  size: number;
}

interface Command {
  command_id: string;
  created_at: Generated<Timestamp>;
  deadline: Timestamp | null;
  dispatch_no: Generated<number>;
  heartbeat_deadline: Timestamp | null;
  heartbeat_seconds: number | null;
  lane: number;
  message: string;
  name: string;
  not_before: Timestamp | null;
  priority: number;
  queue: string | null;
  run_id: string;
  seq: number;
}

interface DeadLetter {
  accepted: string | null;
  accepted_name: string | null;
  at: Generated<Timestamp>;
  command_id: string | null;
  id: Generated<number>;
  is_refused: Generated<boolean>;
  message: string;
  name: string;
  reason: string;
  request_id: string | null;
  requeued_at: Timestamp | null;
  requeued_by: string | null;
  run_id: string | null;
  sent_at: Timestamp | null;
  source: string;
}

interface Deployment {
  approval_id: string;
  begun_at: Generated<Timestamp>;
  command_id: string;
  ended_at: Timestamp | null;
  outcome: string | null;
  run_id: string;
  tree: string;
}

interface Document {
  at: Generated<Timestamp>;
  body: string;
  sha256: Buffer;
}

interface Event {
  actor: string;
  causation_id: string | null;
  correlation_id: string | null;
  data: string;
  event_id: string;
  leaf_hash: Buffer;
  position: number;
  recorded_at: Timestamp;
  run_id: string;
  schema_version: number;
  type: string;
  version: number;
}

interface GraphCheckpoint {
  body: string;
  checkpoint_id: string;
  namespace: string;
  put_at: Generated<Timestamp>;
  space: string;
  thread_id: string;
}

interface GraphWrite {
  channel: string;
  checkpoint_id: string;
  idx: number;
  namespace: string;
  space: string;
  task_id: string;
  task_path: string;
  thread_id: string;
  value: string;
}

interface Hook {
  created_by: string;
  input: string | null;
  key: Generated<string>;
  made_at: Generated<Timestamp>;
  name: string;
  run: string;
  secret: string;
  verify: string;
}

interface Inbox {
  accepted_at: Generated<Timestamp>;
  begins: string | null;
  is_vouched: Generated<boolean>;
  message: string;
  name: string;
  request_id: string;
  traceparent: string | null;
}

interface KeptAnswer {
  answer: Buffer;
  asked_sha256: Buffer;
  at: Generated<Timestamp>;
  key_sha256: Buffer;
}

interface Lane {
  dispatched_seq: Generated<number>;
  fence: Generated<number>;
  lane: number;
  lease_until: Generated<Timestamp>;
  owner: string | null;
}

interface Limits {
  changed_at: Generated<Timestamp>;
  number: Generated<number>;
  only_row: Generated<boolean>;
  policy: string | null;
}

interface Lineage {
  created_at: Generated<Timestamp>;
  created_by: string;
  name: string;
  workspace: string;
}

interface LineageNext {
  lineage: string;
  run_id: string;
  until: Timestamp;
}

interface LineageVersion {
  actor: string;
  command_id: string | null;
  lineage: string;
  number: number;
  recorded_at: Generated<Timestamp>;
  run_id: string | null;
  state: string | null;
  tree: Buffer;
}

interface LlmJournal {
  at: Generated<Timestamp>;
  call_index: number;
  command_id: string;
  response: string;
}

interface Log {
  command_seq: Generated<number>;
  has_caps: Generated<boolean>;
  head: Generated<number>;
  only_row: Generated<boolean>;
  partition_size: Generated<number>;
}

interface LogLoss {
  accepted_at: Timestamp | null;
  accepted_by: string | null;
  found_at: Generated<Timestamp>;
  head: number;
  known_event_id: string;
  known_position: number;
}

interface LogName {
  id: Generated<string>;
  only_row: Generated<boolean>;
}

interface LogShard {
  number: Generated<number>;
  only_row: Generated<boolean>;
  shards: Generated<number>;
}

interface ModelCall {
  asked_at: Timestamp;
  begun_at: Timestamp | null;
  call_id: string;
  command_id: string;
  ended_at: Timestamp | null;
  is_offline: boolean;
  lease_until: Timestamp;
  model: string;
  tokens: number;
  turn: Generated<number>;
  waits_for_all: Generated<boolean>;
}

interface ModelCount {
  only_row: Generated<boolean>;
}

interface OfflineWork {
  at: Generated<Timestamp>;
  command_id: string;
  run_id: string;
  sha256: Buffer;
}

interface PersonalErasure {
  at: Generated<Timestamp>;
  by: string;
  key_id: string;
  reason: string;
  runs: number;
}

interface PersonalKey {
  created_at: Generated<Timestamp>;
  key: Buffer;
  key_id: Generated<string>;
  subject: string;
}

interface PersonalRun {
  key_id: string;
  run_id: string;
}

interface Place {
  labels: string;
  run_id: string;
  submitter: string;
  workflow: string;
}

interface PlaceKey {
  key: string;
  run_id: string;
}

interface Producer {
  created_at: Generated<Timestamp>;
  name: string;
  public_key: string | null;
  redis_sha256: string | null;
  revoked_at: Timestamp | null;
}

interface QueueKey {
  key: Generated<Buffer>;
  only_row: Generated<boolean>;
}

interface Request {
  at: Generated<Timestamp>;
  request_id: string;
  run_id: string;
}

interface Schedule {
  catch_up: string;
  created_by: string;
  decided_to: Timestamp;
  ends_at: Timestamp | null;
  has_queued: Generated<boolean>;
  jitter_seconds: Generated<number>;
  key: Generated<string>;
  made_at: Timestamp;
  name: string;
  overlap: string;
  owned_since: Timestamp | null;
  run: string;
  schedule_id: Generated<string>;
  status: Generated<string>;
  stopped_at: Timestamp | null;
  stopped_for: string | null;
  timing: string;
  version: Generated<number>;
  wake_at: Timestamp | null;
}

interface ScheduleFiring {
  at: Generated<Timestamp>;
  count: Generated<number>;
  due_at: Timestamp;
  is_manual: Generated<boolean>;
  outcome: string;
  request_id: string | null;
  run_id: string | null;
  schedule_id: string;
  until_at: Timestamp;
}

interface SchemaVersion {
  applied_at: Generated<Timestamp>;
  checksum: string;
  component: string;
  name: string;
  version: number;
}

interface SignInCode {
  ends_at: Timestamp;
  held: Buffer | null;
  key_id: string | null;
  session_ends_at: Timestamp | null;
  sha256: Buffer;
}

interface Stream {
  created_at: Generated<Timestamp>;
  first_position: number;
  last_position: number;
  parent_command: string | null;
  run_id: string;
  status: Generated<number>;
  version: number;
}

interface Suspect {
  fence: number;
  is_guilty: Generated<boolean>;
  key: string;
  lane: number;
  run_id: string;
  since: Generated<Timestamp>;
}

interface TaskWork {
  beat_at: Timestamp | null;
  begun_at: Timestamp;
  command_id: string;
  dispatch_no: number;
  due_at: Timestamp | null;
  ended_at: Timestamp | null;
  is_lost: Generated<boolean>;
  kind: string;
  note: string | null;
  ordinal: number;
  run_id: string;
  state: string;
  worker_id: string;
}

interface TemplateSet {
  kind: string;
  told: string;
  told_at: Generated<Timestamp>;
}

interface TemplateVersion {
  first_at: Generated<Timestamp>;
  id: string;
  last_at: Generated<Timestamp>;
  sha256: Buffer;
  variant: string;
  version: string;
}

interface TreeTile {
  hashes: Buffer;
  index: number;
  level: number;
}

interface WaitingRun {
  keys: string[];
  labels: string;
  line: string;
  most: number[];
  priority: number;
  request_id: string;
  run_id: string;
  since: Generated<Timestamp>;
  submitter: string;
  tries: Generated<number>;
  view: string | null;
  workflow: string;
}

interface WebSession {
  actor: string | null;
  began_at: Generated<Timestamp>;
  ends_at: Timestamp;
  held: Buffer | null;
  key_id: string | null;
  session_id: Generated<string>;
  sha256: Buffer;
  used_at: Generated<Timestamp>;
}

interface Worker {
  bundle: Generated<number>;
  concurrency: number;
  description: string;
  drain_asked_at: Timestamp | null;
  drain_asked_by: string | null;
  has_own_door: Generated<boolean>;
  host: string;
  input_schema: string | null;
  is_draining: Generated<boolean>;
  kind: string;
  load: number;
  looks_at_rungs: Generated<boolean>;
  output_schema: string | null;
  pid: number;
  seen_at: Timestamp;
  started_at: Timestamp;
  stopped_at: Timestamp | null;
  version: string;
  worker_id: string;
}

/** By the name of the table, in schema `baton`. */
export interface Tables {
  access_anchor: AccessAnchor;
  access_head: AccessHead;
  access_log: AccessLog;
  anomaly: Anomaly;
  api_key: ApiKey;
  archive: Archive;
  archive_later: ArchiveLater;
  archive_rule: ArchiveRule;
  archived_run: ArchivedRun;
  blob: Blob;
  blob_mark: BlobMark;
  blob_sweep: BlobSweep;
  cached_answer: CachedAnswer;
  checkpoint: Checkpoint;
  command: Command;
  dead_letter: DeadLetter;
  deployment: Deployment;
  document: Document;
  event: Event;
  graph_checkpoint: GraphCheckpoint;
  graph_write: GraphWrite;
  hook: Hook;
  inbox: Inbox;
  kept_answer: KeptAnswer;
  lane: Lane;
  limits: Limits;
  lineage: Lineage;
  lineage_next: LineageNext;
  lineage_version: LineageVersion;
  llm_journal: LlmJournal;
  log: Log;
  log_loss: LogLoss;
  log_name: LogName;
  log_shard: LogShard;
  model_call: ModelCall;
  model_count: ModelCount;
  offline_work: OfflineWork;
  personal_erasure: PersonalErasure;
  personal_key: PersonalKey;
  personal_run: PersonalRun;
  place: Place;
  place_key: PlaceKey;
  producer: Producer;
  queue_key: QueueKey;
  request: Request;
  schedule: Schedule;
  schedule_firing: ScheduleFiring;
  schema_version: SchemaVersion;
  sign_in_code: SignInCode;
  stream: Stream;
  suspect: Suspect;
  task_work: TaskWork;
  template_set: TemplateSet;
  template_version: TemplateVersion;
  tree_tile: TreeTile;
  waiting_run: WaitingRun;
  web_session: WebSession;
  worker: Worker;
}
