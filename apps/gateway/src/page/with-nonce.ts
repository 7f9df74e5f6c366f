import { randomBytes } from 'node:crypto';

/** What the build writes where a nonce belongs: `html.cspNonce` of apps/web/vite.config.ts. */
const PLACE = 'BATON-STYLE-NONCE';

/**
 * The page with a nonce of its own, under which libraries may write styles into it at run time (a dialog that holds the page
 * still, the editor). Scripts need none: they are files.
 *
 * @returns null where the page has no place for one
 */
export function withNonce(page: Buffer): { readonly text: string; readonly nonce: string } | null {
  const text = page.toString();
  if (!text.includes(PLACE)) return null;
  const nonce = randomBytes(16).toString('base64url');
  return { text: text.replaceAll(PLACE, nonce), nonce };
}
