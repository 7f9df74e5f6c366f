import type { Json } from '@baton/contracts';
import { seen } from '../../parts/plain-text.js';
import type { Form } from './form.js';
import { type Path, pointerOf } from './input-value.js';
import type { Field } from './schema-fields.js';

/** The label with its mark, and what is said of the field. */
export const saidOf = ({ label, isRequired, description, fallback, examples }: Field, error: string | undefined) => ({
  label: seen(isRequired ? `${label} *` : label),
  hint: seen(
    [
      description,
      fallback === undefined || isEmpty(fallback) ? null : `Without it: ${textOf(fallback)}.`,
      examples.length === 0 ? null : `For example ${examples.map(textOf).join(', ')}.`,
    ]
      .filter((part) => part !== null)
      .join(' '),
  ),
  error,
});

const isEmpty = (value: Json): boolean =>
  value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

export const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

export const errorAt = (form: Form, path: Path): string | undefined => form.wrong.get(pointerOf(path));
