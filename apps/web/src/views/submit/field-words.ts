import type { Json } from '@baton/contracts';
import { seen } from '../../parts/plain-text.js';
import type { Form } from './form.js';
import { type Path, pointerOf } from './input-value.js';
import type { Field } from './schema-fields.js';

/** The label with its mark, and what is said of the field. */
export const saidOf = (field: Field, error: string | undefined) => {
  const { label, isRequired, description, fallback, examples } = field;
  return {
    label: seen(isRequired ? `${label} *` : label),
    hint: seen(
      [
        description,
        boundsOf(field),
        fallback === undefined || isEmpty(fallback) ? null : `Without it: ${textOf(fallback)}.`,
        examples.length === 0 ? null : `For example ${examples.map(textOf).join(', ')}.`,
      ]
        .filter((part) => part !== null)
        .join(' '),
    ),
    error,
  };
};

/** What a value has to keep to, as far as the form knows. */
function boundsOf(field: Field): string | null {
  switch (field.kind) {
    case 'number': {
      const { isWhole, least, most } = field;
      const what = isWhole ? 'A whole number' : 'A number';
      if (least !== null && most !== null) return `${what} from ${least} to ${most}.`;
      if (least !== null) return `${what} from ${least}.`;
      return most === null ? null : `${what} up to ${most}.`;
    }
    case 'text':
      return field.format === null ? null : (FORMATS[field.format] ?? `In the format ${field.format}.`);
    case 'list':
      return field.most === null ? null : `At most ${field.most}.`;
    case 'json':
      return 'The form has no fields for it: write it as JSON.';
    default:
      return null;
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  date: 'A date.',
  'date-time': 'A moment, such as 2026-01-31T12:00:00Z.',
  time: 'A time of day, such as 12:00:00Z.',
  duration: 'A time in ISO 8601, such as PT2H.',
  email: 'An email address.',
  uri: 'An address, such as https://example.com/a.',
  uuid: 'A UUID.',
};

const isEmpty = (value: Json): boolean =>
  value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

export const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

export const errorAt = (form: Form, path: Path): string | undefined => form.wrong.get(pointerOf(path));
