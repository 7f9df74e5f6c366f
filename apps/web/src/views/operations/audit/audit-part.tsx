import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { mayDo, sessionQuery } from '../../../api/session.js';
import { Button } from '../../../parts/button.js';
import { TextField } from '../../../parts/field.js';
import { AccessLog } from './access-log.js';
import { ArchiveList } from './archive-list.js';
import { Checkpoint } from './checkpoint.js';
import { ProveEvent } from './prove-event.js';
import { RerunLog, VerifyLog } from './verify-log.js';

const route = getRouteApi('/shell/operations');

/** What shows that the log is as it was written. Printed, it is a sheet for whoever audits. */
export function AuditPart(): ReactElement {
  const { run, event } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: session } = useQuery(sessionQuery);
  const change = (changed: object): void =>
    void navigate({ search: (before) => ({ ...before, ...changed }), replace: true });
  const isAuditor = mayDo(session, 'auditor');
  const exported = run === undefined ? '/v1/audit/export' : `/v1/audit/export?run=${encodeURIComponent(run)}`;
  return (
    <>
      <p className="mb-3 hidden print:block">
        Audit of {window.location.origin}, {new Date().toISOString()}
        {run === undefined ? '' : `, run ${run}`}
      </p>
      <search data-print="no" aria-label="What is audited" className="mb-4 flex flex-wrap items-start gap-3">
        <TextField
          label="Run"
          hint="Empty: the whole log."
          value={run ?? ''}
          onChange={({ target }) => change({ run: target.value.trim() || undefined })}
        />
        <TextField
          label="Event"
          hint="Its number in the run."
          type="number"
          min={1}
          value={event ?? ''}
          onChange={({ target }) => change({ event: target.value === '' ? undefined : Number(target.value) })}
        />
        <span className="mt-6 flex flex-wrap items-center gap-3">
          {isAuditor ? (
            <a
              href={exported}
              download="baton-log.ndjson"
              className="rounded border border-line bg-surface px-2.5 py-1 hover:bg-raised"
            >
              Download the bundle
            </a>
          ) : null}
          <Button onClick={() => window.print()}>Print</Button>
        </span>
      </search>
      <div className="grid gap-x-6 lg:grid-cols-2">
        <Checkpoint />
        <div key={run ?? ''}>
          {isAuditor ? (
            <>
              <VerifyLog run={run} />
              <RerunLog run={run} />
            </>
          ) : null}
          <ProveEvent key={event ?? ''} run={run} event={event} />
        </div>
      </div>
      {isAuditor ? <AccessLog /> : null}
      {mayDo(session, 'operator', 'auditor') ? <ArchiveList /> : null}
    </>
  );
}
