/** The code of a link `/sign-in#code=…`; null where there is none. A fragment is sent to no server, so it is in no log. */
export const codeInFragment = (fragment: string): string | null =>
  new URLSearchParams(fragment.replace(/^#/, '')).get('code') || null;
