export type CsvErrorCode = 'empty' | 'open-quote' | 'stray-quote' | 'wrong-width' | 'same-name' | 'no-such-column';

/** What is wrong with a file. `line` counts from 1; null where it is about the file as a whole. */
export class CsvError extends Error {
  readonly code: CsvErrorCode;
  readonly line: number | null;

  constructor(code: CsvErrorCode, line: number | null, sentence: string) {
    super(line === null ? sentence : `line ${line}: ${sentence}`);
    this.name = 'CsvError';
    this.code = code;
    this.line = line;
  }
}
