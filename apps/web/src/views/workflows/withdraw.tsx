import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { api } from '../../api/api.js';
import { Confirm } from '../../parts/confirm.js';
import { seen } from '../../parts/plain-text.js';

interface WithdrawProps {
  readonly name: string;
  readonly version: string;
}

/** Takes one version out of the catalog, after it was said what that does. */
export function Withdraw({ name, version }: WithdrawProps): ReactElement {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const ref = `${name}@${version}`;
  return (
    <Confirm
      label="Withdraw"
      title={`Withdraw ${seen(ref)}`}
      kind="danger"
      act={async () => {
        await api().post('/v1/workflows/{ref}/withdraw', { params: { path: { ref } } });
        await navigate({ to: '/workflows', search: {} });
        await queries.invalidateQueries({ queryKey: ['workflows'] });
        queries.removeQueries({ queryKey: ['workflow'] });
        return undefined;
      }}
    >
      <p>
        Nobody is offered this version any more, and its number stays taken. Runs of it go on to their end, and their
        logs stay.
      </p>
    </Confirm>
  );
}
