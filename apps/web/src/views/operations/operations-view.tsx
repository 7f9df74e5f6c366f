import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ComponentType, lazy, type ReactElement, Suspense } from 'react';
import { mayDo, sessionQuery } from '../../api/session.js';
import { Skeleton } from '../../parts/skeleton.js';
import { Tabs } from '../../parts/tabs.js';
import { HealthStrip } from './health-strip.js';
import { NobodyWorks } from './nobody-works.js';
import { OPERATIONS_PARTS, type OperationsPart, ROLES_OF_PART } from './operations-parts.js';

const PARTS: Readonly<Record<OperationsPart, { readonly title: string; readonly Part: ComponentType }>> = {
  queues: {
    title: 'Queues',
    Part: lazy(() => import('./queues-part.js').then(({ QueuesPart }) => ({ default: QueuesPart }))),
  },
  workers: {
    title: 'Workers',
    Part: lazy(() => import('./workers-part.js').then(({ WorkersPart }) => ({ default: WorkersPart }))),
  },
  'dead-letters': {
    title: 'Dead letters',
    Part: lazy(() => import('./dead-letters-part.js').then(({ DeadLettersPart }) => ({ default: DeadLettersPart }))),
  },
  webhooks: {
    title: 'Webhooks',
    Part: lazy(() => import('./webhooks/webhooks-part.js').then(({ WebhooksPart }) => ({ default: WebhooksPart }))),
  },
  keys: {
    title: 'Keys',
    Part: lazy(() => import('./keys/keys-part.js').then(({ KeysPart }) => ({ default: KeysPart }))),
  },
  audit: {
    title: 'Audit',
    Part: lazy(() => import('./audit/audit-part.js').then(({ AuditPart }) => ({ default: AuditPart }))),
  },
};

const route = getRouteApi('/shell/operations');

/** What keeps runs going, and what proves them. Parts that one may not look at are not offered. */
export function OperationsView(): ReactElement {
  const { part: asked } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: session } = useQuery(sessionQuery);
  const open = OPERATIONS_PARTS.filter((id) => mayDo(session, ...ROLES_OF_PART[id]));
  const part = asked ?? open[0] ?? 'workers';
  const { Part } = PARTS[part];
  return (
    <>
      <h1 className="sr-only">Operations</h1>
      <div data-print="no">
        <HealthStrip />
        <NobodyWorks />
      </div>
      <Tabs
        label="Parts of operations"
        value={part}
        tabs={OPERATIONS_PARTS.filter((id) => id === part || open.includes(id)).map((id) => ({
          id,
          title: PARTS[id].title,
        }))}
        onChoose={(id) => void navigate({ search: { part: id } })}
      >
        <Suspense fallback={<Skeleton />}>
          <Part />
        </Suspense>
      </Tabs>
    </>
  );
}
