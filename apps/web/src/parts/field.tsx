import { type ComponentProps, type ReactElement, type ReactNode, useId } from 'react';

const BOX = 'w-full rounded border border-line bg-surface px-2 py-1 placeholder:text-quiet';

interface Labelled {
  readonly label: string;
  /** Read with the field: what it takes, or what is wrong with what it has. */
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  /** Whether the label is for readers of the screen alone. */
  readonly isLabelHidden?: boolean;
}

interface FieldProps extends Labelled {
  readonly children: (given: {
    readonly id: string;
    readonly className: string;
    readonly describedBy: string;
  }) => ReactElement;
}

/** A label, what it is for, what is wrong; whatever it is typed into. */
function Field({ label, hint, error, isLabelHidden = false, children }: FieldProps): ReactElement {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className={isLabelHidden ? 'sr-only' : 'mb-1 block font-medium'}>
        {label}
      </label>
      {children({ id, className: BOX, describedBy: `${id}-said` })}
      <p id={`${id}-said`} className={`text-xs ${error === undefined ? 'text-quiet' : 'text-bad'}`}>
        {error ?? hint}
      </p>
    </div>
  );
}

export const TextField = ({
  label,
  hint,
  error,
  isLabelHidden,
  ...rest
}: Labelled & ComponentProps<'input'>): ReactElement => (
  <Field {...labelled({ label, hint, error, isLabelHidden })}>
    {({ id, className, describedBy }) => (
      <input
        id={id}
        className={className}
        aria-describedby={describedBy}
        aria-invalid={error !== undefined}
        {...rest}
      />
    )}
  </Field>
);

export const TextArea = ({
  label,
  hint,
  error,
  isLabelHidden,
  ...rest
}: Labelled & ComponentProps<'textarea'>): ReactElement => (
  <Field {...labelled({ label, hint, error, isLabelHidden })}>
    {({ id, className, describedBy }) => (
      <textarea
        id={id}
        className={className}
        aria-describedby={describedBy}
        aria-invalid={error !== undefined}
        {...rest}
      />
    )}
  </Field>
);

export const Select = ({
  label,
  hint,
  error,
  isLabelHidden,
  ...rest
}: Labelled & ComponentProps<'select'>): ReactElement => (
  <Field {...labelled({ label, hint, error, isLabelHidden })}>
    {({ id, className, describedBy }) => (
      <select id={id} className={className} aria-describedby={describedBy} {...rest} />
    )}
  </Field>
);

/** A member that is undefined is left out. */
const labelled = ({
  label,
  hint,
  error,
  isLabelHidden,
}: { [K in keyof Labelled]: Labelled[K] | undefined } & { readonly label: string }): Labelled => ({
  label,
  ...(hint === undefined ? {} : { hint }),
  ...(error === undefined ? {} : { error }),
  ...(isLabelHidden === undefined ? {} : { isLabelHidden }),
});
