import { BatonError } from '@baton/contracts';
import { MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES } from '../tree/tree.js';

/** What a workspace may hold. */
export interface Limits {
  readonly files: number;
  readonly fileBytes: number;
  readonly totalBytes: number;
  /** Folders within folders. */
  readonly depth: number;
}

export const DEFAULT_LIMITS: Limits = {
  files: MAX_FILES,
  fileBytes: MAX_FILE_BYTES,
  totalBytes: MAX_TOTAL_BYTES,
  depth: 32,
};

/** A file that was not taken, and why: `its name …`, `is a link`. */
export interface LeftOut {
  readonly path: string;
  readonly reason: string;
}

const megabytes = (bytes: number): string => {
  const mb = bytes / (1024 * 1024);
  return mb >= 1 ? `${Math.round(mb * 10) / 10} MB` : `${Math.round(bytes / 1024)} KB`;
};

export const tooLargeReason = ({ fileBytes }: Limits): string => `it is larger than ${megabytes(fileBytes)}`;

/** @throws BatonError `workspace-too-large` */
export function refuseTooMany(files: number, limits: Limits): void {
  if (files <= limits.files) return;
  throw tooLarge(`more than ${limits.files.toLocaleString('en-US')} files`);
}

/** @throws BatonError `workspace-too-large` */
export function refuseTooLarge(bytes: number, limits: Limits): void {
  if (bytes <= limits.totalBytes) return;
  throw tooLarge(`more than ${megabytes(limits.totalBytes)}`);
}

const tooLarge = (what: string): BatonError =>
  new BatonError(`The workspace is too large: it holds ${what}.`, {
    code: 'workspace-too-large',
    next: 'Name a smaller folder, or leave out by .gitignore what the work does not need.',
  });
