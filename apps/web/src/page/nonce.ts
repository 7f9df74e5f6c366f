import { setNonce } from 'get-nonce';

/**
 * The gateway names a nonce in the page and in its policy for styles: what libraries write into the page at run time
 * (a dialog that holds the page still, the editor) may be there, and nothing else.
 */
export const styleNonce: string | undefined =
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce || undefined;

if (styleNonce !== undefined) setNonce(styleNonce);
