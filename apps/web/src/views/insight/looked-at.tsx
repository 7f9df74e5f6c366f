import type { ReactElement } from 'react';
import { countOf } from '../../parts/spans.js';
import type { Gathered } from './gather.js';

interface LookedAtProps {
  readonly gathered: Gathered<unknown>;
  readonly what: string;
}

/** Over how many the figures are. */
export const LookedAt = ({ gathered, what }: LookedAtProps): ReactElement => (
  <p role="status" className={`mb-3 ${gathered.isCut ? 'text-warn' : 'text-quiet'}`}>
    {gathered.isCut
      ? `Over the newest ${countOf(gathered.items.length)} ${what} of the range. Choose a shorter range for all of them.`
      : `Over all ${countOf(gathered.items.length)} ${what} of the range.`}
  </p>
);
