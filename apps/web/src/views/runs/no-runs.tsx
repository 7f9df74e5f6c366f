import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { Nothing } from '../../parts/nothing.js';
import { presetOf, type RunsFilter } from './runs-search.js';

const LINK = 'text-accent underline';

/** Why there is nothing, and what to do. */
export function NoRuns({ filter }: { readonly filter: RunsFilter }): ReactElement {
  switch (presetOf(filter)) {
    case 'All':
      return (
        <Nothing title="No run yet.">
          <Link to="/submit" className={LINK}>
            Submit one here
          </Link>
          , or with <code className="font-mono">baton run submit --requirements FILE</code>.
        </Nothing>
      );
    case 'Waits for me':
      return <Nothing title="No run waits for an answer of yours." />;
    case 'Waits for a person':
      return <Nothing title="No run waits for a person." />;
    case 'Failed today':
      return <Nothing title="No run failed today." />;
    default:
      return (
        <Nothing title="No run fits.">
          <Link to="/" search={{}} className={LINK}>
            Show all runs
          </Link>
          , or ask for less.
        </Nothing>
      );
  }
}
