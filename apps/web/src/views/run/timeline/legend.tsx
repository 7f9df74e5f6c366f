import type { ReactElement } from 'react';
import { countOf } from '../../../parts/spans.js';
import { lookOf } from './look.js';

interface LegendProps {
  readonly isWhole: boolean;
  readonly instantVisits: number;
  readonly attempts: number;
}

const Key = ({
  className,
  style,
  children,
}: {
  readonly className: string;
  readonly style?: object;
  readonly children: string;
}): ReactElement => (
  <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
    <span aria-hidden="true" className={`inline-block w-5 rounded-sm ${className}`} style={style} />
    {children}
  </span>
);

const PERSON = lookOf({ kind: 'person', status: 'open' });

/** What the bars mean, how many there are, and what has none. */
export const Legend = ({ isWhole, instantVisits, attempts }: LegendProps): ReactElement => (
  <p className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-quiet">
    <span>
      {countOf(attempts)} {attempts === 1 ? 'attempt' : 'attempts'}
      {isWhole ? '' : ' so far'}
      {instantVisits === 0
        ? ''
        : `; ${countOf(instantVisits)} ${instantVisits === 1 ? 'state' : 'states'} took no time and ${instantVisits === 1 ? 'has' : 'have'} no bar`}
    </span>
    <Key className="h-3 bg-busy opacity-40">in the queue</Key>
    <Key className="h-3 bg-busy">at work</Key>
    <Key className="h-3 bg-good">succeeded</Key>
    <Key className="h-3 bg-bad">failed</Key>
    <Key className="h-3 border border-line" style={{ backgroundImage: PERSON.backgroundImage }}>
      a person’s time
    </Key>
    <Key className="h-1 bg-quiet">waits</Key>
  </p>
);
