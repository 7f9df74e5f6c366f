import type { ReadOnlyPlace } from '@baton/sandbox';

/** A package manager or a compiler of this machine. */
export interface Program {
  readonly name: string;
  /** Of this machine; absolute, and no link. */
  readonly file: string;
  /** All that it needs. */
  readonly place: ReadOnlyPlace;
  /** Run by Node; else it runs by itself. */
  readonly isScript: boolean;
  /** What changes when it is another one. */
  readonly identity: string;
}
