import { skipToken, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { mayDo, sessionQuery } from '../../api/session.js';
import { Nothing } from '../../parts/nothing.js';
import { Skeleton } from '../../parts/skeleton.js';
import { Problem } from '../../shell/problem.js';
import { EMPTY_DRAFT } from './draft.js';
import { GoalForm } from './goal-form.js';
import { SubmitForm } from './submit-form.js';
import { byName, submissionQuery, workflowQuery, workflowsQuery } from './submit-queries.js';
import { WorkflowChoice } from './workflow-choice.js';

const route = getRouteApi('/shell/submit');
const USUAL = 'seven-step';

/** A new run: of which workflow, with which input, and under which limits. */
export function SubmitView(): ReactElement {
  const { workflow: wanted, from, as = 'form' } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: session } = useQuery(sessionQuery);
  const { data: list, error: listError } = useQuery(workflowsQuery);
  const before = useQuery(
    from === undefined ? { queryKey: ['submission'], queryFn: skipToken } : submissionQuery(from),
  );
  const workflows = byName(list?.workflows ?? []);
  const usual = workflows.has(USUAL) ? USUAL : ([...workflows.keys()][0] ?? null);
  const isWaiting = list === undefined || (from !== undefined && before.data === undefined);
  const ref = wanted ?? (isWaiting ? null : before.data == null ? usual : refOf(before.data, workflows));
  if (!mayDo(session, 'submitter')) return <NotAllowed roles={session?.roles ?? []} />;
  if (as === 'goal') return <GoalForm />;
  // What is there, asked for again, and does not come takes away nothing that is being written.
  if (isWaiting) return <Waiting error={listError ?? before.error} />;
  if (ref === null) {
    return (
      <Nothing title="There is no workflow that could be run.">
        Publish one, here or with <code className="font-mono">baton workflow publish FILE</code>.
      </Nothing>
    );
  }
  const [name = '', version = null] = ref.split('@');
  return (
    <div className="mx-auto max-w-6xl space-y-4">
      <header className="flex flex-wrap items-baseline gap-x-3">
        <h1 className="text-lg font-semibold">Submit a run</h1>
        <Link to="/submit" search={{ as: 'goal' }} className="text-accent underline">
          Or say a goal
        </Link>
      </header>
      {from === undefined ? null : <From from={from} isRead={before.data != null} />}
      <WorkflowChoice
        workflows={workflows}
        name={name}
        version={version}
        onChoose={(chosen) => void navigate({ search: (now) => ({ ...now, workflow: chosen }), replace: true })}
      />
      <Chosen
        workflow={ref}
        begun={before.data?.draft ?? EMPTY_DRAFT}
        from={from}
        as={as}
        onShow={(next) =>
          void navigate({ search: (now) => ({ ...now, as: next === 'json' ? next : undefined }), replace: true })
        }
      />
    </div>
  );
}

const Waiting = ({ error }: { readonly error: Error | null }): ReactElement =>
  error === null ? <Skeleton lines={10} /> : <Problem error={error} />;

/** The version that the run had, as long as it is offered. */
function refOf(
  { workflow, version }: { readonly workflow: string; readonly version: string },
  workflows: ReturnType<typeof byName>,
): string {
  const isOffered = workflows.get(workflow)?.some((each) => each.version === version) ?? false;
  return isOffered ? `${workflow}@${version}` : workflow;
}

interface ChosenProps {
  readonly workflow: string;
  readonly begun: typeof EMPTY_DRAFT;
  readonly from: string | undefined;
  readonly as: 'form' | 'json';
  readonly onShow: (as: 'form' | 'json') => void;
}

/** Another workflow has another form, which begins anew. */
function Chosen({ workflow, from, ...rest }: ChosenProps): ReactElement {
  const { data, error } = useQuery(workflowQuery(workflow));
  if (data === undefined) return error === null ? <Skeleton lines={8} /> : <Problem error={error} />;
  return <SubmitForm key={`${workflow} ${from ?? ''}`} workflow={workflow} document={data.document} {...rest} />;
}

const From = ({ from, isRead }: { readonly from: string; readonly isRead: boolean }): ReactElement => (
  <p className="text-quiet">
    {isRead ? 'As run ' : 'What it was submitted with cannot be read, of run '}
    <Link to="/runs/$runId" params={{ runId: from }} className="text-accent underline">
      {from.slice(0, 8)}
    </Link>
    {isRead ? ' was submitted, but for what you change.' : ': the form is empty.'}
  </p>
);

const NotAllowed = ({ roles }: { readonly roles: readonly string[] }): ReactElement => (
  <Nothing title="Only a submitter may submit a run." role="alert">
    You are signed in with {roles.length === 0 ? 'no role' : roles.join(', ')}. An admin makes a key with that role:{' '}
    <code className="font-mono">baton auth key create --name NAME --role submitter</code>
  </Nothing>
);
