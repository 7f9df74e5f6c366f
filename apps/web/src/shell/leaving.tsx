import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactElement, useEffect, useState } from 'react';
import { signOut } from '../api/session.js';
import { Button } from '../parts/button.js';
import { Nothing } from '../parts/nothing.js';
import { refusalOf } from '../parts/refusal.js';

/**
 * Instead of the views while the session is ended: nothing asks for anything any more, so nothing is refused. What was read
 * under the session is forgotten with it.
 */
export function Leaving({ onStay }: { readonly onStay: () => void }): ReactElement {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [error, setError] = useState<string>();

  useEffect(() => {
    const leave = async (): Promise<void> => {
      await queries.cancelQueries();
      await signOut();
      queries.clear();
      await navigate({ to: '/sign-in' });
    };
    leave().catch((thrown: unknown) => setError(refusalOf(thrown)));
  }, [queries, navigate]);

  if (error === undefined) return <Nothing title="Signing out …" role="status" />;
  return (
    <Nothing title="You are still signed in." role="alert">
      <p>{error}</p>
      <p className="mt-3">
        <Button onClick={onStay}>Back</Button>
      </p>
    </Nothing>
  );
}
