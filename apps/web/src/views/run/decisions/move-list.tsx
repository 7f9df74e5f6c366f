import type { ReactElement } from 'react';
import { seen } from '../../../parts/plain-text.js';
import type { DecisionParts, Wanted } from './decision-parts.js';

interface MoveListProps {
  readonly question: NonNullable<DecisionParts['question']>;
  readonly wanted: Wanted;
  readonly isOpenFirst: boolean;
}

/** All that could be done, who wanted what, and what could not be done and why. */
export const MoveList = ({ question: { moves, blocked }, wanted, isOpenFirst }: MoveListProps): ReactElement => (
  <details className="mt-2 text-xs" open={isOpenFirst || blocked.length > 0}>
    <summary className="cursor-pointer text-quiet">
      {moves.length} legal moves, {blocked.length} blocked
    </summary>
    <table className="mt-1 [&_td]:py-0.5 [&_td]:pr-4 [&_td]:align-top [&_th]:pr-4 [&_th]:text-left [&_th]:font-normal">
      <thead className="text-quiet">
        <tr>
          <th scope="col">Move</th>
          <th scope="col">Wanted by</th>
          <th scope="col">What it does</th>
        </tr>
      </thead>
      <tbody>
        {moves.map(({ id, text }) => (
          <tr key={id}>
            <td className={`${breakOf(id)} ${id === wanted.taken ? 'font-medium' : ''}`}>{seen(id)}</td>
            <td>{whoWanted(id, wanted)}</td>
            <td className="text-quiet">{seen(text)}</td>
          </tr>
        ))}
        {blocked.map(({ move: { id }, reason }) => (
          <tr key={id}>
            <td className={breakOf(id)}>
              <s>{seen(id)}</s>
            </td>
            <td>{whoWanted(id, wanted)}</td>
            <td className="text-warn">blocked: {seen(reason)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </details>
);

/** Only what is long is broken, wherever that is. */
const breakOf = (id: string): string => (id.length <= 24 ? 'whitespace-nowrap' : 'break-all');

const whoWanted = (id: string, { rule, advice, person, taken }: Wanted): string =>
  [
    ...(id === rule ? ['rule'] : []),
    ...(id === advice ? ['advice'] : []),
    ...(id === person ? ['person'] : []),
    ...(id === taken ? ['✓ taken'] : []),
  ].join(', ');
