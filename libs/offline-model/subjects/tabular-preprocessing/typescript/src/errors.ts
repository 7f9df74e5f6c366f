/** What can be wrong with the data, the configuration or the parameters. The codes are stable; the sentences may change. */
export type ErrorCode =
  | 'bad-csv'
  | 'ragged-row'
  | 'repeated-column'
  | 'missing-column'
  | 'missing-value'
  | 'not-a-number'
  | 'not-finite'
  | 'unseen-category'
  | 'empty-data'
  | 'nothing-to-learn'
  | 'bad-config'
  | 'bad-parameters'
  | 'unknown-version'
  | 'unreadable-file';

/** Says in one sentence what is wrong, with the column and the row where there is one. */
export class PreprocessingError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = 'PreprocessingError';
    this.code = code;
  }
}
