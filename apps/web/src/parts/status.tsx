import type { ReactElement } from 'react';

/** The states of runs, tasks, approvals and deliveries that mean the same have the same colour. */
const TONES: Readonly<Record<string, string>> = {
  succeeded: 'bg-good-soft text-good',
  approved: 'bg-good-soft text-good',
  alive: 'bg-good-soft text-good',
  delivered: 'bg-good-soft text-good',
  active: 'bg-good-soft text-good',
  running: 'bg-busy-soft text-busy',
  waiting: 'bg-warn-soft text-warn',
  paused: 'bg-warn-soft text-warn',
  pending: 'bg-warn-soft text-warn',
  silent: 'bg-warn-soft text-warn',
  draining: 'bg-warn-soft text-warn',
  stopped: 'bg-bad-soft text-bad',
  failed: 'bg-bad-soft text-bad',
  rejected: 'bg-bad-soft text-bad',
  cancelled: 'bg-raised text-quiet',
};
const OTHER = 'bg-raised text-ink';

/** The word says it, the colour repeats it. */
export const Status = ({ status }: { readonly status: string }): ReactElement => (
  <span
    className={`inline-block whitespace-nowrap rounded px-1.5 py-0.5 text-xs font-medium ${TONES[status] ?? OTHER}`}
  >
    {status}
  </span>
);
