/** What a browser is told to keep: unread by any script, and sent with what begins on a page of this very site. */
export interface CookieOptions {
  readonly path: string;
  /** 0: it is forgotten. */
  readonly maxAgeS: number;
  /** Sent over TLS alone. */
  readonly isSecure: boolean;
  /** `Lax`: also where another site leads here. */
  readonly sameSite: 'Strict' | 'Lax';
}

/** The header Set-Cookie. Name and value are words of ours, which need no quoting. */
export const cookieOf = (name: string, value: string, { path, maxAgeS, isSecure, sameSite }: CookieOptions): string =>
  [
    `${name}=${value}`,
    `Path=${path}`,
    `Max-Age=${Math.max(0, Math.floor(maxAgeS))}`,
    'HttpOnly',
    `SameSite=${sameSite}`,
    ...(isSecure ? ['Secure'] : []),
  ].join('; ');

/** What the header Cookie has under a name; null where it has nothing. Of several the first, which is the narrowest. */
export function cookieIn(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}
