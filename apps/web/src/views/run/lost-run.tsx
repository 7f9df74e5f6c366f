import { GatewayRefused } from '@baton/client';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { Nothing } from '../../parts/nothing.js';
import { Problem } from '../../shell/problem.js';

/** In place of a run that cannot be shown: why, in one sentence, and where to go. */
export function LostRun({ error }: { readonly error: unknown }): ReactElement {
  if (!(error instanceof GatewayRefused)) return <Problem error={error} />;
  const text = whyNot(error);
  if (text === null) return <Problem error={error} />;
  return (
    <Nothing title={error.message} role="alert">
      {text}{' '}
      <Link to="/" className="text-accent underline">
        Go to the runs
      </Link>
      .
    </Nothing>
  );
}

function whyNot({ code, status }: GatewayRefused): string | null {
  switch (code) {
    case 'run-not-found':
      return 'It was never there, was removed by a rule, or is none of those that you may see.';
    case 'run-rejected':
      return 'Correct the cause, and submit it again; the whole message is among the dead letters.';
    case 'run-id-ambiguous':
      return 'Give more of the id.';
    default:
      return status === 410 || status === 404 ? 'It is gone.' : null;
  }
}
