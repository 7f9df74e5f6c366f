import type { Json } from '@baton/contracts';
import type { Path } from './input-value.js';
import type { Field } from './schema-fields.js';

/** What each field of the form has to do with the others. */
export interface Form {
  readonly value: Json | undefined;
  readonly onChange: (path: Path, value: Json | undefined) => void;
  /** What is wrong, by the JSON pointer of its place in the input. */
  readonly wrong: ReadonlyMap<string, string>;
  /** What is written at a place is not JSON, or is again: null. */
  readonly onProblem: (pointer: string, problem: string | null) => void;
}

export interface FieldInputProps<F extends Field = Field> {
  readonly form: Form;
  readonly field: F;
  readonly path: Path;
}

/** A field of one kind. */
export type FieldOf<K extends Field['kind']> = Extract<Field, { readonly kind: K }>;
