import { type ClientRequest, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { bareHost, type Target } from './host-rules.js';

/** The proxy through which this machine itself reaches the network, and the hosts that it reaches without. */
export interface Upstream {
  readonly url: URL;
  /** As in `NO_PROXY`: hosts and domains between commas, or `*`. */
  readonly noProxy: string;
}

/** Whether a host is reached through the proxy of the machine. */
export function goesUpstream({ noProxy }: Upstream, { host, port }: Target): boolean {
  const without = noProxy
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map((entry) => bareHost(entry.replace(/^\*?\./, '.')));
  return !without.some((entry) => {
    if (entry === '*') return true;
    const bare = entry.replace(/:\d+$/, (suffix) => (suffix === `:${port}` ? '' : suffix)).replace(/^\./, '');
    return host === bare || host.endsWith(`.${bare}`);
  });
}

/** A request to the proxy of the machine. */
export function askUpstream({ url }: Upstream, options: RequestOptions): ClientRequest {
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const authorization =
    login === ':' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return request({
    ...options,
    host: bareHost(url.hostname),
    port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
    headers: { ...options.headers, ...authorization },
    agent: false,
  });
}
