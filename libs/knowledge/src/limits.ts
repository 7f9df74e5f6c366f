/** What the documentation of one task may amount to. Each is there so that no location, however large, holds a worker. */
export interface KnowledgeLimits {
  readonly locations: number;
  /** Files and pages together. */
  readonly sources: number;
  /** Of one text, as it is stored or sent. */
  readonly textBytes: number;
  /** Of one image, which is what servers of models take at most, encoded. */
  readonly imageBytes: number;
  readonly pdfBytes: number;
  /** Of all texts together. */
  readonly totalBytes: number;
  /** Names of a folder that are looked at, below it included. */
  readonly entries: number;
  /** Folders within folders. */
  readonly depth: number;
  /** For gathering and indexing all of it. */
  readonly gatherMs: number;
  /** For one page, redirects included. */
  readonly pageMs: number;
  readonly redirects: number;
}

const KB = 1024;
const MB = 1024 * KB;

export const DEFAULT_LIMITS: KnowledgeLimits = {
  locations: 100,
  sources: 5_000,
  textBytes: 2 * MB,
  imageBytes: 3_500 * KB,
  pdfBytes: 10 * MB,
  totalBytes: 16 * MB,
  entries: 50_000,
  depth: 32,
  gatherMs: 60_000,
  pageMs: 20_000,
  redirects: 5,
};

/** `2 MB`, `3.4 MB`, `12 KB`, for people. */
export function sizeOf(bytes: number): string {
  if (bytes < KB) return `${bytes} bytes`;
  return bytes < MB ? `${Math.round(bytes / KB)} KB` : `${Math.round((bytes / MB) * 10) / 10} MB`;
}
