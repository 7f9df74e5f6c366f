import { type ReactElement, useState } from 'react';
import type { Schemas } from '../../../api/api.js';
import { Button } from '../../../parts/button.js';
import { Menu, MenuItem } from '../../../parts/menu.js';
import { type Action, actionsFor } from './action-rules.js';
import { ForkDialog } from './fork-dialog.js';
import { ResubmitDialog } from './resubmit-dialog.js';
import { SignalDialog } from './signal-dialog.js';
import { SteerDialog } from './steer-dialog.js';
import { useMay } from './use-may.js';

const TITLES: Readonly<Record<Action, string>> = {
  cancel: 'Cancel …',
  pause: 'Pause …',
  resume: 'Resume …',
  retry: 'Retry …',
  signal: 'Send a signal …',
  fork: 'Fork …',
  resubmit: 'Submit again …',
};

/** What one most likely came for stands beside the menu. */
const FIRST: ReadonlySet<Action> = new Set(['resume', 'retry']);

interface RunActionsProps {
  readonly run: Schemas['RunDetail'];
  /** The event that is looked at: a fork begins there. */
  readonly event: number | undefined;
}

/** Where a run goes on by itself; of one that is over its beginning, since nothing goes on from its end. */
const defaultPoint = ({ endedAt, version }: RunActionsProps['run']): number =>
  endedAt === null ? version : Math.min(2, version);

/** What can be done with the run now, by whoever is signed in. */
export function RunActions({ run, event }: RunActionsProps): ReactElement | null {
  const [open, setOpen] = useState<Action | null>(null);
  const actions = actionsFor(run.status, useMay());
  const close = (): void => setOpen(null);
  const [first] = actions;
  const buttons = first !== undefined && FIRST.has(first) ? [first] : [];
  const others = actions.filter((action) => !buttons.includes(action));
  return (
    <>
      {buttons.map((action) => (
        <Button key={action} onClick={() => setOpen(action)}>
          {TITLES[action]}
        </Button>
      ))}
      {others.length === 0 ? null : (
        <Menu label="Actions ▾">
          {others.map((action) => (
            <MenuItem key={action} onChoose={() => setOpen(action)}>
              {TITLES[action]}
            </MenuItem>
          ))}
        </Menu>
      )}
      {open === 'cancel' || open === 'pause' || open === 'resume' || open === 'retry' ? (
        <SteerDialog run={run} steering={open} onClose={close} />
      ) : null}
      {open === 'signal' ? <SignalDialog run={run} onClose={close} /> : null}
      <ForkDialog run={run} isOpen={open === 'fork'} atVersion={event ?? defaultPoint(run)} onClose={close} />
      <ResubmitDialog run={run} isOpen={open === 'resubmit'} onClose={close} />
    </>
  );
}
