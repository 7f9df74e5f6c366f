import { openGateway } from '../gateway/gateway.js';

const ANSWER_MS = 3_000;

/**
 * A link that signs a browser in with the token of the stack, once. What signs in stands behind the #, which a browser sends to no
 * server. Null where no dashboard is served; the stack is there all the same.
 */
export async function dashboardLink({ url, token }: { readonly url: string; readonly token: string }) {
  try {
    const headers = { accept: 'text/html' };
    const page = await fetch(`${url}/`, { headers, redirect: 'error', signal: AbortSignal.timeout(ANSWER_MS) });
    await page.body?.cancel();
    if (!page.ok) return null;
    const { path } = await openGateway({ url, token }).post('/v1/auth/codes', { timeoutMs: ANSWER_MS });
    return `${url}${path}`;
  } catch {
    return null;
  }
}
