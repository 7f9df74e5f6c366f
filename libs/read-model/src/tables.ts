// Generated from the migrations by `npm run db:types`, and compared by the tests: not to be edited.

import type { ColumnType } from 'kysely';

type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : ColumnType<T, T | undefined, T>;

type Timestamp = ColumnType<Date, Date | string, Date | string>;

interface AcceptedRequest {
  accepted_at: Generated<Timestamp>;
  request_id: string;
  run_id: string;
  sha256: Buffer;
  view: string | null;
}

interface AgentUsageView {
  agent: string;
  cost_micro_usd: number;
  input_tokens: number;
  model: string;
  output_tokens: number;
  run_id: string;
  started_at: Timestamp;
  tasks: number;
  unpriced: number;
  workflow: string;
}

interface ApprovalView {
  answer: string | null;
  answered_at: Timestamp | null;
  approval_id: string;
  asked_at: Timestamp;
  decision: string | null;
  due_at: Timestamp | null;
  given: string | null;
  is_escalated: Generated<boolean>;
  policy: string | null;
  position: number | null;
  run_id: string;
  sha256: string;
  state: string;
  submitted_by: string;
  title: string | null;
  version: number;
  workflow: string;
  workflow_version: string;
}

interface DecisionView {
  action_type: string | null;
  asked_at: Timestamp | null;
  classification: string | null;
  decided_at: Timestamp | null;
  decision_id: string;
  dimensions: string[] | null;
  has_judges: boolean | null;
  point_kind: string | null;
  position: number | null;
  record: string | null;
  run_id: string;
  shadow: string | null;
  source: string | null;
  version: number | null;
  workflow: string;
}

interface RunExpectation {
  began_position: number;
  cost_micro_usd: number | null;
  disagreements: number;
  duration_ms: number | null;
  ended_position: number | null;
  errors: number;
  expected: unknown;
  is_counted: Generated<boolean>;
  is_success: boolean | null;
  rounds: number | null;
  run_id: string;
  score: number | null;
  size_class: number;
  usual: unknown | null;
  workflow: string;
  workflow_version: string;
}

interface RunStepTime {
  cost_micro_usd: number | null;
  duration_ms: number;
  ended_position: number;
  entered_ms: number;
  is_success: boolean;
  run_id: string;
  size_class: number;
  spent_ms: number;
  state: string;
  visit: number;
  workflow: string;
  workflow_version: string;
}

interface RunUsageView {
  cost_micro_usd: number;
  decisions: number;
  ended_at: Timestamp | null;
  escalations: number;
  input_tokens: number;
  output_tokens: number;
  rounds: unknown | null;
  run_id: string;
  started_at: Timestamp;
  status: string;
  tasks: number;
  unpriced: number;
  workflow: string;
}

interface RunView {
  cost_digits: Generated<number>;
  cost_micro_usd: number | null;
  decision_mode: Generated<string>;
  ended_at: Timestamp | null;
  is_person_asked: Generated<boolean>;
  labels: unknown;
  memory: string;
  run_id: string;
  started_at: Timestamp;
  status: string;
  submitted_by: string;
  version: number;
  view: string;
  words: Generated<string>;
  workflow: string;
}

interface RunViewCursor {
  folds: Generated<number>;
  only_row: Generated<boolean>;
  position: Generated<number>;
}

/** By the name of the table, in schema `baton`. */
export interface Tables {
  accepted_request: AcceptedRequest;
  agent_usage_view: AgentUsageView;
  approval_view: ApprovalView;
  decision_view: DecisionView;
  run_expectation: RunExpectation;
  run_step_time: RunStepTime;
  run_usage_view: RunUsageView;
  run_view: RunView;
  run_view_cursor: RunViewCursor;
}
