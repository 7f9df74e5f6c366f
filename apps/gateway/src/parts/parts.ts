import type { Evaluator } from '@baton/asl';
import type { Catalog } from '@baton/catalog';
import type { Shard } from '@baton/contracts';
import type { TargetPolicy } from '@baton/notifications';
import type { Sealer } from '@baton/personal-data';
import type { Health, Logger } from '@baton/service-kit';
import type { Pool } from 'pg';
import type { Caller } from '../auth/caller.js';
import type { Users } from '../auth/oidc-users.js';
import type { SignIns } from '../auth/sign-ins.js';
import type { AuditParts } from '../checkpoints/audit-parts.js';
import type { Checkpointer } from '../checkpoints/checkpointer.js';
import type { KnownTemplates } from '../workflows/known-templates.js';
import type { Archives } from './archives.js';
import type { Backlog } from './backlog.js';
import type { Ends } from './ends.js';
import type { IntakeShares } from './intake-shares.js';
import type { LogTail } from './log-tail.js';
import type { Metrics } from './metrics.js';
import type { OperationsWatch } from './operations-watch.js';
import type { Queues } from './queues.js';

/** What the handlers work with. Made before Nest starts, since making it can fail with a sentence for the operator. */
export interface GatewayParts {
  readonly pool: Pool;
  /** Which of all logs this gateway is for. */
  readonly shard: Shard;
  /** For what has connections of its own: threads. */
  readonly databaseUrl: string;
  readonly catalog: Catalog;
  /** The prompt templates that ship. */
  readonly templates: KnownTemplates;
  readonly queues: Queues;
  /** What waits for the hubs. */
  readonly backlog: Pick<Backlog, 'refuseWhenFull'>;
  /** How urgent a submission is in the intake, by who else submits. */
  readonly intakeShares: IntakeShares;
  readonly tail: LogTail;
  readonly watch: OperationsWatch;
  readonly ends: Ends;
  readonly metrics: Metrics;
  readonly health: Pick<Health, 'report' | 'facts'>;
  readonly log: Logger;
  /** What the audit looks at. */
  readonly audit: AuditParts;
  /** Signs the log; null where that is off. */
  readonly checkpointer: Pick<Checkpointer, 'state' | 'hurry'> | null;
  /** Runs that are in files. */
  readonly archives: Archives;
  /** Where webhooks may lead. */
  readonly webhookTargets: TargetPolicy;
  /** What clients send as their bearer token. */
  readonly token: string;
  /** Where people reach it, where that was said. */
  readonly publicUrl: string | null;
  /** Who users are, by the tokens of their identity provider; null where there is none. */
  readonly users: Users | null;
  /** Who comes, with a token or with a session. */
  readonly signIns: SignIns;
  /** Opens what is personal for those who may read it. */
  readonly sealer: Sealer;
  /** The secrets of hooks, by the names that those have for them. */
  readonly hookSecrets: ReadonlyMap<string, string>;
  /** Evaluates what hooks say, beside the gateway. */
  readonly evaluator: Evaluator;
  /** Who sent the request that is being served. */
  readonly caller: () => Caller;
  readonly nowMs: () => number;
  readonly newId: () => string;
}

/** The provider token under which Nest hands the parts to controllers. */
export const PARTS = Symbol('gateway parts');
