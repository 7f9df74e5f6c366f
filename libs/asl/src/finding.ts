/** Something wrong, or doubtful, in a definition. An error keeps it from being run; a warning does not. */
export interface Finding {
  /** RFC 6901 pointer into the document that was checked; empty for the whole of it. */
  readonly pointer: string;
  readonly severity: 'error' | 'warning';
  readonly code: FindingCode;
  readonly message: string;
}

export type FindingCode =
  | 'schema'
  | 'not-supported'
  | 'unknown-state'
  | 'duplicate-state'
  | 'unreachable-state'
  | 'no-end'
  | 'no-default'
  | 'bad-expression'
  | 'bad-path'
  | 'query-language'
  | 'unbounded-loop'
  | 'variable-scope'
  | 'unguarded-task'
  | 'deep-branching'
  | 'unknown-error'
  | 'unknown-name'
  | 'unknown-resource';

/** Appends one member name or index to a JSON pointer. */
export const pointerTo = (base: string, key: string | number): string =>
  `${base}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

export const errorAt = (pointer: string, code: FindingCode, message: string): Finding => ({
  pointer,
  severity: 'error',
  code,
  message,
});

export const warningAt = (pointer: string, code: FindingCode, message: string): Finding => ({
  pointer,
  severity: 'warning',
  code,
  message,
});
