import { BatonError } from '@baton/contracts';

/** Pages that may be fetched: those of a host, or below a path of it. */
export interface AllowedPages {
  readonly protocol: 'http:' | 'https:';
  /** In lower case, with the port where it is none of the usual ones; `*.` in front stands for any name below. */
  readonly host: string;
  /** With a slash at its beginning. */
  readonly path: string;
}

/**
 * Reads BATON_KNOWLEDGE_HOSTS: hosts (`docs.example`, `*.example`, https only) and prefixes (`http://intranet:8080/handbook/`),
 * separated by commas. Throws `knowledge-hosts` and names the entry.
 */
export function parseAllowedHosts(text: string): readonly AllowedPages[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(parseEntry);
}

function parseEntry(entry: string): AllowedPages {
  const isAny = /^(https?:\/\/)?\*\./i.test(entry);
  const bare = entry.replace('*.', '');
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(bare) ? bare : `https://${bare}`;
  const url = URL.canParse(whole) ? new URL(whole) : null;
  const isPlain = url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (url === null || !isPlain || url.hostname === '' || bare.includes('*')) throw broken(entry);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw broken(entry);
  return { protocol: url.protocol, host: isAny ? `*.${url.host}` : url.host, path: url.pathname };
}

const broken = (entry: string): BatonError =>
  new BatonError(`BATON_KNOWLEDGE_HOSTS says “${entry}”, which is no host and no address.`, {
    code: 'knowledge-hosts',
    next: 'Write hosts or prefixes of addresses, such as docs.example,*.wiki.example,https://intranet.example/handbook/, with commas between them.',
  });

export const isAllowed = (url: URL, allowed: readonly AllowedPages[]): boolean =>
  allowed.some(
    ({ protocol, host, path }) => url.protocol === protocol && isHost(url.host, host) && isBelow(url.pathname, path),
  );

const isHost = (given: string, allowed: string): boolean =>
  allowed.startsWith('*.') ? given.endsWith(allowed.slice(1)) : given === allowed;

/** By whole parts of the path: `/api` is no beginning of `/apis`. What a server may read as another path is none below. */
function isBelow(given: string, allowed: string): boolean {
  if (allowed === '/') return true;
  if (/%2f|%5c|%2e/i.test(given)) return false;
  return given === allowed || given.startsWith(allowed.endsWith('/') ? allowed : `${allowed}/`);
}
