import type { Json } from '../json.js';

/** A parsed JSONPath. Where it is definite it gives one value, else a list of all that match. */
export interface Path {
  readonly text: string;
  /** `$` is the data of the state, `$$` the context object, `$name` a variable; `@` is the item under test in a filter. */
  readonly root: { readonly kind: 'input' | 'context' | 'item' } | { readonly kind: 'variable'; readonly name: string };
  readonly selectors: readonly Selector[];
  readonly isDefinite: boolean;
}

export type Selector =
  | { readonly kind: 'names'; readonly names: readonly Name[] }
  | { readonly kind: 'indices'; readonly indices: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number | null; readonly to: number | null; readonly step: number }
  | { readonly kind: 'all' }
  /** Every value below, itself included: what follows is asked of each. */
  | { readonly kind: 'descend' }
  | { readonly kind: 'filter'; readonly test: Test }
  /** `.length()` and its like, at the end of a path. */
  | { readonly kind: 'function'; readonly name: PathFunction };

/**
 * The name of a member. In quotes it may hold backslashes, which the recorded service keeps as they are, where others read
 * escapes: `name` is with them, `unescaped` without. A member of the first name comes before one of the second.
 */
export interface Name {
  readonly name: string;
  readonly unescaped: string;
}

export type PathFunction = 'length' | 'min' | 'max' | 'sum' | 'avg' | 'keys';

export type Operand =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'path'; readonly path: Path };

export type Comparator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'nin';

export type Test =
  | { readonly kind: 'and' | 'or'; readonly tests: readonly Test[] }
  | { readonly kind: 'not'; readonly test: Test }
  | { readonly kind: 'exists'; readonly path: Path }
  | { readonly kind: 'compare'; readonly left: Operand; readonly operator: Comparator; readonly right: Operand };

/** Whether a path leads to one place by names and indices alone, one at a time. */
export const isReference = ({ selectors }: Path): boolean =>
  selectors.every(
    (selector) =>
      (selector.kind === 'names' && selector.names.length === 1) ||
      (selector.kind === 'indices' && selector.indices.length === 1),
  );

/**
 * Whether a path names one place: single names and single indices only. Several names at the very end count too, since
 * they give one object.
 */
export const namesOnePlace = (selectors: readonly Selector[]): boolean =>
  selectors.every((selector, at) => {
    if (selector.kind === 'names') return selector.names.length === 1 || at === selectors.length - 1;
    if (selector.kind === 'indices') return selector.indices.length === 1;
    return selector.kind === 'function';
  });
