import type { ReactElement } from 'react';
import { Button } from './button.js';
import { Nothing } from './nothing.js';

const WHAT = 'This part of the dashboard could not be loaded.';
const WHY =
  'The gateway is away, or it was upgraded and this page is of the version before. Load the page again when it is live.';

const LoadAnew = (): ReactElement => <Button onClick={() => window.location.reload()}>Load the page again</Button>;

/** In place of a part of the dashboard that did not come. */
export const NotLoaded = (): ReactElement => (
  <Nothing title={WHAT} role="alert">
    <p>{WHY}</p>
    <p className="mt-3">
      <LoadAnew />
    </p>
  </Nothing>
);

/** In place of something that would have opened over the page: what is written there stays. */
export const NotOpened = ({ onClose }: { readonly onClose: () => void }): ReactElement => (
  <div
    role="alert"
    className="fixed top-14 right-3 left-3 z-40 ml-auto max-w-md rounded-lg border border-line bg-surface p-4 shadow-xl"
  >
    <p className="font-medium">{WHAT}</p>
    <p className="mt-1 text-quiet">{WHY}</p>
    <p className="mt-3 flex justify-end gap-2">
      <LoadAnew />
      <Button onClick={onClose}>Close</Button>
    </p>
  </div>
);
