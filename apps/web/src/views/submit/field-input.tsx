import { type ReactElement, useState } from 'react';
import { Button } from '../../parts/button.js';
import { Select } from '../../parts/field.js';
import { FieldGroup } from './field-group.js';
import { errorAt } from './field-words.js';
import type { FieldInputProps, FieldOf, Form } from './form.js';
import { begunWith, emptyOf, optionOf, type Path, pointerOf, valueAt } from './input-value.js';
import { ChoiceInput, JsonInput, NumberInput, TextInput } from './scalar-inputs.js';
import type { Field, Member } from './schema-fields.js';

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
        <FieldGroup field={field} isOpen={field.isRequired || valueAt(form.value, path) !== undefined}>
          <Members members={field.members} form={form} path={path} />
        </FieldGroup>
      );
    case 'one-of':
      return <OneOfInput field={field} form={form} path={path} />;
    case 'json':
      return <JsonInput field={field} form={form} path={path} />;
  }
}

function ListInput({ field, form, path }: FieldInputProps<FieldOf<'list'>>): ReactElement {
  const value = valueAt(form.value, path);
  const items = Array.isArray(value) ? value : [];
  const isPlain = field.item.kind !== 'object';
  return (
    <FieldGroup field={field} error={errorAt(form, path)} isOpen={field.isRequired || items.length > 0 || isPlain}>
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
    </FieldGroup>
  );
}

function OneOfInput({ field, form, path }: FieldInputProps<FieldOf<'one-of'>>): ReactElement {
  const value = valueAt(form.value, path);
  const [chosen, setChosen] = useState(() => optionOf(field.options, value));
  const at = optionOf(field.options, value, chosen);
  const option = field.options[at];
  return (
    <FieldGroup field={field} isOpen={field.isRequired || value !== undefined}>
      <Select
        label={`How ${field.label} is given`}
        isLabelHidden
        value={String(at)}
        onChange={({ currentTarget: { value: next } }) => {
          setChosen(Number(next));
          const picked = field.options[Number(next)];
          // An item that is nothing would be no item any more.
          const begun = typeof path.at(-1) === 'number' ? emptyOf : begunWith;
          form.onChange(path, picked === undefined ? undefined : begun(picked));
        }}
      >
        {field.options.map(({ label }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the forms of a schema stay where they are
          <option key={index} value={index}>
            {label}
          </option>
        ))}
      </Select>
      {option === undefined || isOnlyOne(option) ? null : (
        <div className="mt-1">
          {option.kind === 'object' ? (
            <Members key={at} members={option.members} form={form} path={path} />
          ) : (
            <FieldInput key={at} field={{ ...option, isRequired: false }} form={form} path={path} />
          )}
        </div>
      )}
    </FieldGroup>
  );
}

/** Once it is chosen there is nothing more to say. */
const isOnlyOne = (field: Field): boolean => field.kind === 'choice' && field.options.length === 1;
