import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactElement, useCallback, useMemo } from 'react';
import { nodesIn, pictureOf } from '../../parts/graph/machine-picture.js';
import type { Chooser } from '../../parts/graph/node-card.js';
import { StateList } from '../../parts/graph/state-list.js';
import { WorkflowPicture } from '../../parts/graph/workflow-picture.js';
import { Text } from '../../parts/text.js';
import { definitionOf } from './definition-of.js';
import type { WorkflowTabProps } from './workflow-tabs.js';

const route = getRouteApi('/shell/workflows/$ref');

/** The picture, and below it the definition of the state that was chosen in it. */
export function WorkflowGraph({ workflow }: WorkflowTabProps): ReactElement {
  const { ref } = route.useParams();
  const search = route.useSearch();
  const { state } = search;
  const machine = useMemo(() => pictureOf(workflow.document), [workflow]);
  const chooser = useCallback<Chooser>(
    ({ state: name, className, children }) => (
      <Link
        to="/workflows/$ref"
        params={{ ref }}
        search={{ ...search, state: name }}
        resetScroll={false}
        className={className}
      >
        {children}
      </Link>
    ),
    [ref, search],
  );
  const definition = state === undefined ? undefined : definitionOf(workflow.document, state);
  return (
    <div className="space-y-3">
      {nodesIn(machine).length === 0 ? (
        <p className="text-quiet">Its document has no states that can be drawn.</p>
      ) : null}
      <WorkflowPicture machine={machine} chooser={chooser} label={`Graph of ${workflow.name}`} />
      {state === undefined || definition === undefined ? (
        <p className="text-quiet">Choose a state to see its definition.</p>
      ) : (
        <section aria-label="The chosen state">
          <h2 className="mb-1 font-semibold">{state}</h2>
          <Text label={`Definition of ${state}`} text={definition} />
        </section>
      )}
      <details>
        <summary className="cursor-pointer text-quiet">The same as a list</summary>
        <StateList machine={machine} chooser={chooser} />
      </details>
    </div>
  );
}
