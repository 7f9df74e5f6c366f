import { type ReactElement, type ReactNode, useState } from 'react';
import { Button } from '../../parts/button.js';
import { saidOf } from './field-words.js';
import type { Field } from './schema-fields.js';

interface GroupProps {
  readonly field: Field;
  readonly error?: string | undefined;
  readonly isOpen: boolean;
  readonly children: ReactNode;
}

/** Fields that belong together. Those that nobody needs are folded until somebody wants them. */
export function FieldGroup({ field, error, isOpen, children }: GroupProps): ReactElement {
  const { label, hint } = saidOf(field, undefined);
  const [isShown, setShown] = useState(isOpen);
  return (
    <fieldset>
      <legend className="font-medium">{label}</legend>
      {hint === '' ? null : <p className="text-xs text-quiet">{hint}</p>}
      {error === undefined ? null : <p className="text-xs text-bad">{error}</p>}
      {isShown || isOpen ? (
        <div className="mt-1 border-l-2 border-line pl-3">{children}</div>
      ) : (
        <Button className="mt-1" aria-label={`Fill in ${label}`} onClick={() => setShown(true)}>
          Fill in
        </Button>
      )}
    </fieldset>
  );
}
