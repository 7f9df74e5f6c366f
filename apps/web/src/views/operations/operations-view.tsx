import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ComponentType, ReactElement } from 'react';
import { mayDo, sessionQuery } from '../../api/session.js';
import { Nothing } from '../../parts/nothing.js';
import { Tabs } from '../../parts/tabs.js';
import { AccessLogPart } from './access/access-log-part.js';
import { ArchivePart } from './archive/archive-part.js';
import { AuditPart } from './audit/audit-part.js';
import { DeadLettersPart } from './dead-letters/dead-letters-part.js';
import { KeysPart } from './keys/keys-part.js';
import { OPERATIONS, type OperationsPart } from './operations-parts.js';
import { QueuesPart } from './queues/queues-part.js';
import { RulesPart } from './rules/rules-part.js';
import { SchedulesPart } from './schedules/schedules-part.js';
import { SessionsPart } from './sessions/sessions-part.js';
import { WebhooksPart } from './webhooks/webhooks-part.js';
import { WorkersPart } from './workers/workers-part.js';

const PARTS: Readonly<Record<OperationsPart, ComponentType>> = {
  queues: QueuesPart,
  workers: WorkersPart,
  'dead-letters': DeadLettersPart,
  schedules: SchedulesPart,
  rules: RulesPart,
  webhooks: WebhooksPart,
  keys: KeysPart,
  sessions: SessionsPart,
  audit: AuditPart,
  access: AccessLogPart,
  archive: ArchivePart,
};

const route = getRouteApi('/shell/operations');

/** What whoever runs Baton looks at and does; each sees what their roles may see. */
export function OperationsView(): ReactElement {
  const { part } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: session } = useQuery(sessionQuery);
  const offered = OPERATIONS.filter(({ roles }) => mayDo(session, ...roles));
  const chosen = part ?? offered[0]?.id ?? 'workers';
  const isOffered = offered.some(({ id }) => id === chosen);
  const Part = PARTS[chosen];
  return (
    <>
      <h1 className="sr-only">Operations</h1>
      <Tabs
        label="Parts of operations"
        value={chosen}
        tabs={offered}
        onChoose={(id) => void navigate({ search: { part: id } })}
      >
        {isOffered ? (
          <Part />
        ) : (
          <Nothing title="Your roles do not include this part.">
            An admin can give you a key or a group with one that does.
          </Nothing>
        )}
      </Tabs>
    </>
  );
}
