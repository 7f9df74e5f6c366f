// Generated from the migrations by `npm run db:types`, and compared by the tests: not to be edited.

import type { ColumnType } from 'kysely';

type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : ColumnType<T, T | undefined, T>;

type Timestamp = ColumnType<Date, Date | string, Date | string>;

interface Workflow {
  default_language: string | null;
  document: string;
  name: string;
  published_at: Generated<Timestamp>;
  published_by: string;
  sha256: Buffer;
  version: string;
}

interface WorkflowChange {
  number: Generated<number>;
  only_row: Generated<boolean>;
}

interface WorkflowWithdrawal {
  name: string;
  version: string;
  withdrawn_at: Generated<Timestamp>;
  withdrawn_by: string;
}

/** By the name of the table, in schema `baton`. */
export interface Tables {
  workflow: Workflow;
  workflow_change: WorkflowChange;
  workflow_withdrawal: WorkflowWithdrawal;
}
