import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import { api } from '../../api/api.js';
import { Button } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { Problem } from '../../shell/problem.js';

interface WithdrawProps {
  readonly name: string;
  readonly version: string;
}

/** Takes one version out of the catalog, after it was said what that does. */
export function Withdraw({ name, version }: WithdrawProps): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const ref = `${name}@${version}`;
  const withdraw = useMutation({
    mutationFn: () => api().post('/v1/workflows/{ref}/withdraw', { params: { path: { ref } } }),
    onSuccess: async () => {
      setOpen(false);
      await navigate({ to: '/workflows', search: {} });
      await queries.invalidateQueries({ queryKey: ['workflows'] });
      queries.removeQueries({ queryKey: ['workflow'] });
    },
  });
  return (
    <>
      <Button kind="danger" onClick={() => setOpen(true)}>
        Withdraw
      </Button>
      <Dialog
        title={`Withdraw ${ref}`}
        description="Nobody is offered this version any more, and its number stays taken. Runs of it go on to their end, and their logs stay."
        isOpen={isOpen}
        onClose={() => setOpen(false)}
      >
        {withdraw.error === null ? null : <Problem error={withdraw.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={() => setOpen(false)}>Keep it</Button>
          <Button kind="danger" disabled={withdraw.isPending} onClick={() => withdraw.mutate()}>
            Withdraw {ref}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
