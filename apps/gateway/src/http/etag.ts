/** The tag of a run's representation: its version, since a view follows from its events alone. */
export const etagOf = (version: number): string => `"v${version}"`;

/** Whether one of the tags in an If-None-Match header is this one; weak comparison, as RFC 9110 §13.1.2 asks. */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === '*' || tag === etag);
}
