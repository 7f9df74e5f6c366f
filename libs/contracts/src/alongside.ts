/** What is done within the transaction of an append, where that writes: the call of a function of the same database. */
export interface Alongside {
  /** With its schema. Part of a statement as it stands, so never anything that came from outside. */
  readonly fn: string;
  readonly values: readonly unknown[];
}
