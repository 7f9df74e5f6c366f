import { useNavigate } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import type { Schemas } from '../../../api/api.js';
import { Button } from '../../../parts/button.js';

type Accepted = Schemas['RunAccepted'];

/** Leads to a run that was just made; first says what the gateway has to say of it. */
export function useMadeRun(onClose: () => void) {
  const navigate = useNavigate();
  const [made, setMade] = useState<Accepted | null>(null);
  const go = ({ runId }: Accepted): void => {
    setMade(null);
    onClose();
    void navigate({ to: '/runs/$runId', params: { runId }, search: {} });
  };
  return {
    made,
    go,
    onAccepted: (accepted: Accepted) => (accepted.notice === undefined ? go(accepted) : setMade(accepted)),
  };
}

export const MadeRun = ({ made, onGo }: { readonly made: Accepted; readonly onGo: () => void }): ReactElement => (
  <div role="status" className="space-y-3">
    <p>The new run was accepted. {made.notice}</p>
    <Button kind="main" onClick={onGo}>
      Go to the new run
    </Button>
  </div>
);
