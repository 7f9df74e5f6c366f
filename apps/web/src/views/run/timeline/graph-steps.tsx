import type { ReactElement } from 'react';
import type { Schemas } from '../../../api/api.js';
import { seen } from '../../../parts/plain-text.js';

type Steps = NonNullable<Schemas['Conversation']['steps']>;

/** What a graph that is a task did, step by step, and what each step changed. */
export function GraphSteps({ steps }: { readonly steps: Steps }): ReactElement {
  return (
    <div>
      <h3 className="font-medium">Steps of a graph</h3>
      <ol className="mt-1 space-y-1">
        {steps.map(({ checkpoint, namespace, step, source, changed }) => (
          <li key={`${namespace} ${checkpoint}`} className="break-words">
            {namespace === '' ? '' : `${seen(namespace)} `}
            {step} ({seen(source)}): {changed.length === 0 ? 'nothing changed' : seen(changed.join(', '))}
          </li>
        ))}
      </ol>
    </div>
  );
}
