import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { api } from '../../api/api.js';
import { mayDo, sessionQuery } from '../../api/session.js';
import { Select } from '../../parts/field.js';
import { Nothing } from '../../parts/nothing.js';
import { seen } from '../../parts/plain-text.js';
import { Skeleton } from '../../parts/skeleton.js';
import { Text } from '../../parts/text.js';
import { Time } from '../../parts/time.js';
import { Titled } from '../../parts/titled.js';
import { Problem } from '../../shell/problem.js';
import { Confirmed } from './confirmed.js';
import { deadLettersQuery } from './queries.js';

const route = getRouteApi('/shell/operations');

/** Messages that could not be taken, why, and the way to have them taken up again. */
export function DeadLettersPart(): ReactElement {
  const { status = 'open' } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: session } = useQuery(sessionQuery);
  const { data, error } = useQuery(deadLettersQuery(status));
  if (error !== null) return <Problem error={error} />;
  const choose = (value: string): void =>
    void navigate({
      search: (before) => ({ ...before, status: value === 'all' || value === 'requeued' ? value : undefined }),
    });
  return (
    <Titled
      title="Dead letters"
      note="Messages that nothing could take, newest first."
      actions={
        <Select label="Which" isLabelHidden value={status} onChange={({ target }) => choose(target.value)}>
          <option value="open">Open</option>
          <option value="requeued">Taken up again</option>
          <option value="all">All of them</option>
        </Select>
      }
    >
      {data === undefined ? <Skeleton /> : null}
      {data?.deadLetters.length === 0 ? <Nothing title="There is none.">Every message has been taken.</Nothing> : null}
      <ul className="space-y-2">
        {data?.deadLetters.map((letter) => (
          <li key={letter.id} className="rounded border border-line bg-surface p-3">
            <div className="flex flex-wrap items-start gap-x-3 gap-y-1">
              <div className="min-w-0 flex-1">
                <p className="font-medium break-words text-bad">{seen(letter.reason)}</p>
                <p className="text-quiet">
                  No. {letter.id} · {seen(letter.source)} · {seen(letter.name)} · <Time at={letter.at} />
                  {letter.runId === undefined ? null : (
                    <>
                      {' · '}
                      <Link to="/runs/$runId" params={{ runId: letter.runId }} className="text-accent hover:underline">
                        its run
                      </Link>
                    </>
                  )}
                </p>
                {letter.requeuedAt === undefined ? null : (
                  <p className="text-quiet">
                    Taken up again <Time at={letter.requeuedAt} />
                    {letter.requeuedBy === undefined ? '' : ` by ${seen(letter.requeuedBy.id)}`}
                  </p>
                )}
              </div>
              {mayDo(session, 'operator') && letter.requeuedAt === undefined ? (
                <Confirmed
                  action="Take up again"
                  title={`Take dead letter ${letter.id} up again?`}
                  description="The message is sent once more to where it came from. What could not take it before may not take it now."
                  run={(key) =>
                    api().post('/v1/dead-letters/{id}/requeue', {
                      params: { path: { id: String(letter.id) }, header: { 'Idempotency-Key': key } },
                    })
                  }
                  stale={[['live', 'dead-letters']]}
                  result={({ id }) => `Dead letter ${id} is on its way again.`}
                />
              ) : null}
            </div>
            <details className="mt-2">
              <summary className="cursor-pointer text-quiet">
                Its content{letter.isCut ? ' (the beginning)' : ''}
              </summary>
              <Text label={`Content of dead letter ${letter.id}`} text={letter.message} />
            </details>
          </li>
        ))}
      </ul>
      {data?.next == null ? null : <p className="mt-2 text-quiet">The newest 100. More: baton queue dead-letters.</p>}
    </Titled>
  );
}
