import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { matchesEtag } from '../http/etag.js';
import { INDEX, type PageFile, type PageFiles } from './read-page.js';
import { withNonce } from './with-nonce.js';

/** What a browser may do with the page: run and show what comes from here, ask here, and nothing else. */
const policyWith = (styles: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${styles}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

const POLICY = policyWith("'self'");

const NOT_BUILT =
  'The dashboard of this Baton is not built. Run `npm run build` in its checkout and start the gateway again.\n' +
  'The API answers under /v1, and /openapi.json describes it.\n';

/** First parts of addresses under which there are no places of the page: what is not there is not there. */
const NOT_OF_PAGE: ReadonlySet<string> = new Set(['v1', 'assets', 'openapi.json', 'livez', 'readyz', 'metrics']);

/**
 * Answers what no route of the API does: the files of the page, and the page itself wherever a browser goes to a place in it.
 * Programs hear that there is nothing. To be called behind what refuses foreign hosts and counts requests.
 *
 * @param files null where the page is not built
 */
export function servePage(server: FastifyInstance, files: PageFiles | null): void {
  server.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.url !== undefined || !['GET', 'HEAD'].includes(request.method)) return;
    const [path = ''] = request.url.split('?');
    const isPlace = path === '/' || (wantsPage(request) && isPlaceOfPage(path));
    if (files === null) {
      if (isPlace) return notBuilt(reply);
      return;
    }
    const file = files.get(isPlace ? INDEX : path) ?? null;
    if (file === null) return undefined;
    return (isPlace ? sendWithNonce(reply, file) : null) ?? send(request, reply, file);
  });
}

/** Only browsers that go somewhere say so: a program that takes anything is better told that there is nothing. */
const wantsPage = ({ headers }: FastifyRequest): boolean => /\btext\/html\b/i.test(headers.accept ?? '');

/** Whether the page could have such a place. However the path is written, it names no file: the answer is the page. */
function isPlaceOfPage(path: string): boolean {
  const plain = decoded(path);
  if (plain === null || /\\|\/\/|\p{Cc}/u.test(plain)) return false;
  const [, first = '', ...rest] = plain.split('/');
  return !NOT_OF_PAGE.has(first.toLowerCase()) && ![first, ...rest].some((part) => part === '.' || part === '..');
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** Made anew for each that asks, so nobody keeps it. Null where the page needs no nonce. */
function sendWithNonce(reply: FastifyReply, { type, bytes }: PageFile): FastifyReply | null {
  const page = withNonce(bytes);
  if (page === null) return null;
  reply.headers({
    'cache-control': 'no-store',
    'content-security-policy': policyWith(`'self' 'nonce-${page.nonce}'`),
    'cross-origin-opener-policy': 'same-origin',
  });
  return reply.type(type).send(page.text);
}

async function send(request: FastifyRequest, reply: FastifyReply, file: PageFile): Promise<FastifyReply> {
  const { encoding, bytes } = packedAs(file, String(request.headers['accept-encoding'] ?? ''));
  const etag = `"${file.tag}${encoding === null ? '' : `-${encoding}`}"`;
  reply.headers({
    etag,
    vary: 'accept-encoding',
    'cache-control': file.isLasting ? 'public, max-age=31536000, immutable' : 'no-cache',
    'content-security-policy': POLICY,
    'cross-origin-opener-policy': 'same-origin',
  });
  if (matchesEtag(request.headers['if-none-match'], etag)) return reply.status(304).send();
  if (encoding !== null) reply.header('content-encoding', encoding);
  return reply.type(file.type).send(bytes);
}

/** The smallest form that the client takes. */
function packedAs({ brotli, gzip, bytes }: PageFile, accepted: string) {
  if (brotli !== null && takes(accepted, 'br')) return { encoding: 'br', bytes: brotli };
  if (gzip !== null && takes(accepted, 'gzip')) return { encoding: 'gzip', bytes: gzip };
  return { encoding: null, bytes };
}

const takes = (accepted: string, encoding: string): boolean =>
  accepted.split(',').some((part) => {
    const [name = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase());
    return name === encoding && !parameters.some((each) => /^q=0(\.0*)?$/.test(each));
  });

const notBuilt = (reply: FastifyReply): FastifyReply =>
  reply.status(404).type('text/plain; charset=utf-8').send(NOT_BUILT);
