import type { ReactElement } from 'react';
import { TextField } from '../../../parts/field.js';

interface RunFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** One run by its id or the beginning of it, or the whole log. */
export const RunField = ({ value, onChange }: RunFieldProps): ReactElement => (
  <div className="mb-2 max-w-md" data-print="no">
    <TextField
      label="Run"
      value={value}
      placeholder="all of the log"
      onChange={({ target }) => onChange(target.value.trim())}
      hint="An id or the beginning of one; empty for the whole log."
    />
  </div>
);
