import type { ReactElement } from 'react';
import { seen } from '../plain-text.js';
import { nodesIn, type PictureMachine } from './machine-picture.js';
import type { Chooser } from './node-card.js';
import { MARK_WORDS, type StateMarks } from './state-marks.js';

interface StateListProps {
  readonly machine: PictureMachine;
  readonly marks?: StateMarks;
  readonly chooser?: Chooser;
}

/** The same as the picture, as a table: for who reads by ear, by keyboard, or on a small screen. */
export const StateList = ({ machine, marks, chooser: choose }: StateListProps): ReactElement => (
  <div className="overflow-x-auto">
    <table className="w-full text-left">
      <caption className="sr-only">The states of the workflow</caption>
      <thead className="text-quiet">
        <tr>
          {['State', 'Type', 'Who', 'Leads to', ...(marks === undefined ? [] : ['In this run'])].map((title) => (
            <th key={title} scope="col" className="px-2 py-1 font-medium">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {nodesIn(machine).map(({ node, level, next }) => {
          const mark = marks?.get(node.name);
          const name = seen(node.name);
          return (
            <tr key={node.id} className="border-t border-line align-top">
              <td className="px-2 py-1" style={{ paddingInlineStart: `${0.5 + level * 1.25}rem` }}>
                {choose === undefined
                  ? name
                  : choose({
                      state: node.name,
                      className: 'text-accent hover:underline text-left',
                      children: name,
                    })}
              </td>
              <td className="px-2 py-1">{node.type}</td>
              <td className="px-2 py-1">{node.worker === null ? '' : seen(node.worker)}</td>
              <td className="px-2 py-1 text-quiet">{next.map(seen).join(', ')}</td>
              {marks === undefined ? null : (
                <td className="px-2 py-1">
                  {mark === undefined ? '' : [MARK_WORDS[mark.status], ...mark.notes].join(' · ')}
                </td>
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  </div>
);
