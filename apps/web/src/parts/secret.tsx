import type { ReactElement } from 'react';
import { CopyButton } from './copy-button.js';

/** A secret in the one moment in which it can be read. */
export const Secret = ({ label, secret }: { readonly label: string; readonly secret: string }): ReactElement => (
  <div role="status" className="rounded border border-warn bg-warn-soft p-3">
    <p className="font-medium">{label}</p>
    <p className="my-2 font-mono break-all">{secret}</p>
    <p className="flex items-center gap-2">
      <CopyButton text={() => secret}>Copy</CopyButton> It is shown this once: nobody can read it again.
    </p>
  </div>
);
