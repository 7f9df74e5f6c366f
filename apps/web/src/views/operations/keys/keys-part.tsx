import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { operationsKey } from '../../../api/operations.js';
import { mayDo, sessionQuery } from '../../../api/session.js';
import { Confirm } from '../../../parts/confirm.js';
import { Nothing } from '../../../parts/nothing.js';
import { seen } from '../../../parts/plain-text.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { Status } from '../../../parts/status.js';
import { type Column, Table } from '../../../parts/table.js';
import { Time } from '../../../parts/time.js';
import { Problem } from '../../../shell/problem.js';
import { CreateKey } from './create-key.js';
import { RotateKey } from './rotate-key.js';
import { scopeInWords } from './scope-in-words.js';

type Key = Schemas['ApiKeyView'];

const when = (at: string | null, otherwise: string): ReactElement | string =>
  at === null ? otherwise : <Time at={at} />;

const COLUMNS: readonly Column<Key>[] = [
  { title: 'Key', cell: ({ name }) => name },
  { title: 'State', cell: ({ status }) => <Status status={status} /> },
  { title: 'Roles', cell: ({ roles }) => roles.join(', ') },
  { title: 'For', cell: ({ scope, person }) => seen([scopeInWords(scope), person].filter(Boolean).join('; ')) },
  { title: 'Last used', cell: ({ lastUsedAt }) => when(lastUsedAt, 'never') },
  { title: 'Ends', cell: ({ expiresAt }) => when(expiresAt, 'never') },
  { title: 'Made', cell: ({ createdAt }) => <Time at={createdAt} /> },
];

export function KeysPart(): ReactElement {
  const queries = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const { data, error } = useQuery({
    queryKey: operationsKey('keys'),
    queryFn: async ({ signal }) => (await api().get('/v1/auth/keys', { signal })).keys,
  });
  if (error !== null && data === undefined) return <Problem error={error} />;
  if (data === undefined) return <Skeleton />;
  const isAdmin = mayDo(session);
  const doing: Column<Key> = {
    title: 'Do',
    cell: ({ name, status }) =>
      status === 'revoked' || status === 'expired' ? null : (
        <span className="flex gap-1">
          <RotateKey name={name} />
          <Confirm
            label="Revoke"
            kind="danger"
            title={`Revoke the key ${name}?`}
            act={async () => {
              await api().delete('/v1/auth/keys/{name}', { params: { path: { name } } });
              return undefined;
            }}
            onDone={() => void queries.invalidateQueries({ queryKey: operationsKey('keys') })}
          >
            Whoever uses it is refused from now on, and what they have open ends. It cannot be taken back.
          </Confirm>
        </span>
      ),
  };
  return (
    <div className="space-y-3">
      {isAdmin ? <CreateKey /> : null}
      {data.length === 0 ? (
        <Nothing title="There is no key beside the one of the stack.">baton auth key create makes one, too.</Nothing>
      ) : (
        <Table
          label="Keys"
          rows={data}
          columns={isAdmin ? [...COLUMNS, doing] : COLUMNS}
          keyOf={({ name, createdAt }) => `${name} ${createdAt}`}
        />
      )}
    </div>
  );
}
