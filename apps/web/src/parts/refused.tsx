import { BatonError } from '@baton/contracts';
import type { ReactElement } from 'react';

/** What was asked for and did not happen, in the words of whoever refused it. Null: nothing was refused. */
export function Refused({ error }: { readonly error: unknown }): ReactElement | null {
  if (error === null || error === undefined) return null;
  const message = error instanceof Error ? error.message : String(error);
  const next = error instanceof BatonError ? error.next : undefined;
  return (
    <p role="alert" className="rounded border border-bad bg-bad-soft px-2 py-1.5 break-words text-bad">
      {message} {next}
    </p>
  );
}
