/** The token of the header `Authorization: Bearer <token>`, however that is written; null where there is none. */
export const bearerToken = (authorization: string | undefined): string | null =>
  /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? null;
