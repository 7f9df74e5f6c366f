import { createHash } from 'node:crypto';

/**
 * The tag of a run's representation: its version, since a view follows from its events alone; and a hash of what does not,
 * where there is any: who works for it.
 */
export function etagOf(version: number, beside: string | null = null): string {
  if (beside === null) return `"v${version}"`;
  return `"v${version}-${createHash('sha256').update(beside).digest('hex').slice(0, 16)}"`;
}

/** Whether one of the tags in an If-None-Match header is this one; weak comparison, as RFC 9110 §13.1.2 asks. */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === '*' || tag === etag);
}
