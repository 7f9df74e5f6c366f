import type { ReactElement } from 'react';
import { refusalOf } from './refusal.js';

/** What was asked for and did not happen, in the words of whoever refused it. Null: nothing was refused. */
export const Refused = ({ error }: { readonly error: unknown }): ReactElement | null =>
  error === null || error === undefined ? null : (
    <p
      role="alert"
      className="rounded border border-bad bg-bad-soft px-2 py-1.5 break-words whitespace-pre-line text-bad"
    >
      {refusalOf(error)}
    </p>
  );
