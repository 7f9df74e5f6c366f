import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api } from '../../../api/api.js';
import { mayDo, sessionQuery } from '../../../api/session.js';
import { Nothing } from '../../../parts/nothing.js';
import { seen } from '../../../parts/plain-text.js';
import { Rows } from '../../../parts/rows.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { Time } from '../../../parts/time.js';
import { Titled } from '../../../parts/titled.js';
import { Problem } from '../../../shell/problem.js';
import { Confirmed } from '../confirmed.js';
import { keysQuery } from '../queries.js';
import { SecretOnce } from '../secret-once.js';
import { CreateKey } from './create-key.js';
import { Erasures } from './erasures.js';
import { scopeText } from './scope-in.js';

const OVERLAP_S = 86_400;

const timeOr = (at: string | null, otherwise: string): ReactElement | string =>
  at === null ? otherwise : <Time at={at} />;

/** Who may do what, and for how long. */
export function KeysPart(): ReactElement {
  const { data: session } = useQuery(sessionQuery);
  const { data, error } = useQuery(keysQuery);
  if (error !== null) return <Problem error={error} />;
  if (data === undefined) return <Skeleton />;
  const isAdmin = mayDo(session);
  return (
    <>
      <Titled title="Keys" actions={isAdmin ? <CreateKey /> : null}>
        {data.keys.length === 0 ? (
          <Nothing title="There is none.">Create one here, or with baton auth key create.</Nothing>
        ) : (
          <Rows
            label="Keys"
            rows={data.keys}
            keyOf={({ name, createdAt }) => `${name} ${createdAt}`}
            columns={[
              { title: 'Name', cell: ({ name }) => <span className="font-medium">{seen(name)}</span> },
              { title: 'Roles', cell: ({ roles }) => roles.join(', ') },
              { title: 'For', cell: ({ scope }) => seen(scopeText(scope)) },
              {
                title: 'State',
                cell: ({ status }) => (
                  <span className={status === 'active' ? 'text-good' : 'text-quiet'}>{status}</span>
                ),
              },
              { title: 'Last used', cell: ({ lastUsedAt }) => timeOr(lastUsedAt, 'never') },
              { title: 'Ends', cell: ({ expiresAt }) => timeOr(expiresAt, 'never') },
              {
                title: 'Do',
                cell: ({ name, status }) =>
                  status === 'active' && isAdmin ? (
                    <span className="flex gap-1">
                      <Confirmed
                        action="Rotate"
                        title={`Rotate the key ${seen(name)}?`}
                        description="Another key of the name is made. The one of before goes on for a day beside it."
                        run={(key) =>
                          api().post('/v1/auth/keys/{name}/rotate', {
                            params: { path: { name }, header: { 'Idempotency-Key': key } },
                            body: { overlapSeconds: OVERLAP_S },
                          })
                        }
                        stale={[keysQuery.queryKey]}
                        result={(made) => (
                          <>
                            <SecretOnce label={`The new key ${made.name}.`} secret={made.key} />
                            <p className="mt-2 text-quiet">
                              The one of before ends <Time at={made.previousUntil} />.
                            </p>
                          </>
                        )}
                      />
                      <Confirmed
                        action="Revoke"
                        kind="danger"
                        title={`Revoke the key ${seen(name)}?`}
                        description="It is refused from the next request on, and so are those that it replaced. It cannot be taken back."
                        run={() => api().delete('/v1/auth/keys/{name}', { params: { path: { name } } })}
                        stale={[keysQuery.queryKey]}
                      />
                    </span>
                  ) : null,
              },
            ]}
          />
        )}
      </Titled>
      <Erasures />
    </>
  );
}
