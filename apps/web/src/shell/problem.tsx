import { BatonError } from '@baton/contracts';
import { useRouter } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { Button } from '../parts/button.js';
import { Nothing } from '../parts/nothing.js';

/** What went wrong in one sentence, and the way on. */
export function Problem({ error }: { readonly error: unknown }): ReactElement {
  const router = useRouter();
  const message = error instanceof Error ? error.message : String(error);
  return (
    <Nothing title={message} role="alert">
      <p>{error instanceof BatonError ? error.next : 'Load the page again; if it stays, report it.'}</p>
      <p className="mt-3">
        <Button onClick={() => void router.invalidate()}>Try again</Button>
      </p>
    </Nothing>
  );
}
