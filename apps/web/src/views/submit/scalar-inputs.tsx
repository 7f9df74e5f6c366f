import { isKeptNumber } from '@baton/contracts';
import { type ReactElement, useEffect, useState } from 'react';
import { Select, TextField } from '../../parts/field.js';
import { errorAt, saidOf, textOf } from './field-words.js';
import type { FieldInputProps, FieldOf } from './form.js';
import { pointerOf, valueAt } from './input-value.js';
import { JsonArea } from './json-area.js';
import { LongText } from './long-text.js';

/* Fields that hold one value and no others. */

export function TextInput({ field, form, path }: FieldInputProps<FieldOf<'text'>>): ReactElement {
  const value = valueAt(form.value, path);
  // An item of a list is there though it is empty; a member is not.
  const isItem = typeof path.at(-1) === 'number';
  const shared = {
    ...saidOf(field, errorAt(form, path)),
    value: typeof value === 'string' ? value : '',
    placeholder: typeof field.fallback === 'string' ? field.fallback : undefined,
  };
  const write = (text: string): void => form.onChange(path, text === '' && !isItem ? undefined : text);
  if (field.isLong) return <LongText {...shared} isRequired={field.isRequired} onWrite={write} />;
  return (
    <TextField
      {...shared}
      type={(field.format !== null && TYPES[field.format]) || 'text'}
      required={field.isRequired}
      onChange={(event) => write(event.currentTarget.value)}
    />
  );
}

/** Where browsers have a field for such texts. */
const TYPES: Readonly<Record<string, string>> = { date: 'date', email: 'email', uri: 'url' };

/** What is typed stays as it is typed: `1.` is on its way to be a number. */
export function NumberInput({ field, form, path }: FieldInputProps<FieldOf<'number'>>): ReactElement {
  const value = valueAt(form.value, path);
  const [typed, setTyped] = useState(value === undefined ? '' : textOf(value));
  const isCurrent = typed === '' ? value === undefined : Number(typed) === value;
  return (
    <TextField
      {...saidOf(field, errorAt(form, path))}
      inputMode={field.isWhole ? 'numeric' : 'decimal'}
      required={field.isRequired}
      placeholder={field.fallback === undefined ? undefined : textOf(field.fallback)}
      value={isCurrent || value === typed ? typed : value === undefined ? '' : textOf(value)}
      onChange={({ currentTarget: { value: text } }) => {
        setTyped(text);
        const number = Number(text);
        // What is no number is kept as the text it is, and told to be none.
        form.onChange(path, text.trim() === '' ? undefined : isKept(text, number) ? number : text);
      }}
    />
  );
}

/** A number of more digits than can be kept would be another one. */
const isKept = (text: string, number: number): boolean => Number.isFinite(number) && isKeptNumber(text.trim());

export function ChoiceInput({ field, form, path }: FieldInputProps<FieldOf<'choice'>>): ReactElement {
  const value = valueAt(form.value, path);
  const chosen = field.options.findIndex((each) => JSON.stringify(each) === JSON.stringify(value));
  const [only] = field.options;
  // What can be one thing only nobody has to choose, once there is anything that it belongs to.
  const isTold =
    value === undefined &&
    field.isRequired &&
    field.options.length === 1 &&
    valueAt(form.value, path.slice(0, -1)) !== undefined;
  useEffect(() => {
    if (isTold) form.onChange(path, only);
  });
  const none = field.fallback === undefined ? '' : `${textOf(field.fallback)} (default)`;
  return (
    <Select
      {...saidOf({ ...field, fallback: undefined }, errorAt(form, path))}
      required={field.isRequired}
      value={chosen === -1 ? '' : String(chosen)}
      onChange={({ currentTarget: { value: at } }) =>
        form.onChange(path, at === '' ? undefined : field.options[Number(at)])
      }
    >
      <option value="">{none}</option>
      {field.options.map((each, at) => (
        <option key={textOf(each)} value={at}>
          {textOf(each)}
        </option>
      ))}
    </Select>
  );
}

export const JsonInput = ({ field, form, path }: FieldInputProps<FieldOf<'json'>>): ReactElement => {
  const { label, hint, error } = saidOf(field, errorAt(form, path));
  return (
    <JsonArea
      label={`${label} (JSON)`}
      hint={hint}
      error={error}
      rows={3}
      value={valueAt(form.value, path)}
      onChange={(value) => form.onChange(path, value)}
      onProblem={(problem) => form.onProblem(pointerOf(path), problem)}
    />
  );
};
