import { isKeptNumber, type Json } from '@baton/contracts';
import { type ReactElement, type ReactNode, useState } from 'react';
import { Button } from '../../parts/button.js';
import { Select, TextField } from '../../parts/field.js';
import { seen } from '../../parts/plain-text.js';
import { emptyOf, optionOf, type Path, pointerOf, valueAt } from './input-value.js';
import { JsonArea } from './json-area.js';
import { LongText } from './long-text.js';
import type { Field, Member } from './schema-fields.js';

/** What each field of the form has to do with the others. */
export interface Form {
  readonly value: Json | undefined;
  readonly onChange: (path: Path, value: Json | undefined) => void;
  /** What is wrong, by the JSON pointer of its place in the input. */
  readonly wrong: ReadonlyMap<string, string>;
  /** What is written at a place is not JSON, or is again: null. */
  readonly onProblem: (pointer: string, problem: string | null) => void;
}

interface FieldInputProps<F extends Field = Field> {
  readonly form: Form;
  readonly field: F;
  readonly path: Path;
}

export const Members = ({
  members,
  form,
  path,
}: {
  readonly members: readonly Member[];
  readonly form: Form;
  readonly path: Path;
}): ReactElement => (
  <div className="grid gap-3 sm:grid-cols-2">
    {members.map(({ name, field }) => (
      <div key={name} className={isNarrow(field) ? 'min-w-0' : 'min-w-0 sm:col-span-2'}>
        <FieldInput field={field} form={form} path={[...path, name]} />
      </div>
    ))}
  </div>
);

/** Two of them stand beside each other where there is room. */
const isNarrow = (field: Field): boolean =>
  field.kind === 'number' ||
  field.kind === 'choice' ||
  field.kind === 'switch' ||
  (field.kind === 'text' && !field.isLong);

type Of<K extends Field['kind']> = Extract<Field, { readonly kind: K }>;

function FieldInput({ field, form, path }: FieldInputProps): ReactElement {
  switch (field.kind) {
    case 'text':
      return <TextInput field={field} form={form} path={path} />;
    case 'number':
      return <NumberInput key={pointerOf(path)} field={field} form={form} path={path} />;
    case 'switch':
      return <ChoiceInput field={{ ...field, kind: 'choice', options: [true, false] }} form={form} path={path} />;
    case 'choice':
      return <ChoiceInput field={field} form={form} path={path} />;
    case 'list':
      return <ListInput field={field} form={form} path={path} />;
    case 'object':
      return (
        <Group field={field} isOpen={field.isRequired || valueAt(form.value, path) !== undefined}>
          <Members members={field.members} form={form} path={path} />
        </Group>
      );
    case 'one-of':
      return <OneOfInput field={field} form={form} path={path} />;
    case 'json':
      return <JsonInput field={field} form={form} path={path} />;
  }
}

/** The label with its mark, and what is said of the field. */
const saidOf = ({ label, isRequired, description, fallback, examples }: Field, error: string | undefined) => ({
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

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

const errorAt = (form: Form, path: Path): string | undefined => form.wrong.get(pointerOf(path));

function TextInput({ field, form, path }: FieldInputProps<Of<'text'>>): ReactElement {
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
  return <TextField {...shared} required={field.isRequired} onChange={(event) => write(event.currentTarget.value)} />;
}

/** What is typed stays as it is typed: `1.` is on its way to be a number. */
function NumberInput({ field, form, path }: FieldInputProps<Of<'number'>>): ReactElement {
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

function ChoiceInput({ field, form, path }: FieldInputProps<Of<'choice'>>): ReactElement {
  const value = valueAt(form.value, path);
  const chosen = field.options.findIndex((each) => JSON.stringify(each) === JSON.stringify(value));
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

function ListInput({ field, form, path }: FieldInputProps<Of<'list'>>): ReactElement {
  const value = valueAt(form.value, path);
  const items = Array.isArray(value) ? value : [];
  const isPlain = field.item.kind !== 'object';
  return (
    <Group field={field} error={errorAt(form, path)} isOpen={field.isRequired || items.length > 0 || isPlain}>
      <ul className="space-y-2">
        {items.map((_, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an item is known by its place alone
          <li key={at} className={`flex items-start gap-2 ${isPlain ? '' : 'rounded-md border border-line p-2'}`}>
            <div className="min-w-0 flex-1">
              <FieldInput field={{ ...field.item, label: `${at + 1}` }} form={form} path={[...path, at]} />
            </div>
            <Button
              kind="quiet"
              aria-label={`Remove ${field.label} ${at + 1}`}
              onClick={() =>
                form.onChange(path, items.length === 1 ? undefined : items.filter((__, each) => each !== at))
              }
            >
              ✕
            </Button>
          </li>
        ))}
      </ul>
      <Button
        className="mt-1"
        aria-label={`Add to ${field.label}`}
        onClick={() => form.onChange(path, [...items, emptyOf(field.item)])}
      >
        Add
      </Button>
    </Group>
  );
}

function OneOfInput({ field, form, path }: FieldInputProps<Of<'one-of'>>): ReactElement {
  const value = valueAt(form.value, path);
  const [chosen, setChosen] = useState(() => optionOf(field.options, value));
  const at = value === undefined ? chosen : optionOf(field.options, value);
  const option = field.options[at];
  return (
    <Group field={field} isOpen={field.isRequired || value !== undefined}>
      <Select
        label={`How ${field.label} is given`}
        isLabelHidden
        value={String(at)}
        onChange={({ currentTarget: { value: next } }) => {
          setChosen(Number(next));
          form.onChange(path, undefined);
        }}
      >
        {field.options.map(({ label }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the forms of a schema stay where they are
          <option key={index} value={index}>
            {label}
          </option>
        ))}
      </Select>
      {option === undefined ? null : (
        <div className="mt-1">
          <FieldInput key={at} field={{ ...option, isRequired: false }} form={form} path={path} />
        </div>
      )}
    </Group>
  );
}

const JsonInput = ({ field, form, path }: FieldInputProps<Of<'json'>>): ReactElement => {
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

interface GroupProps {
  readonly field: Field;
  readonly error?: string | undefined;
  readonly isOpen: boolean;
  readonly children: ReactNode;
}

/** Fields that belong together. Those that nobody needs are folded until somebody wants them. */
function Group({ field, error, isOpen, children }: GroupProps): ReactElement {
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
