import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { toError } from '@baton/contracts';
import {
  type AddressPolicy,
  allowedAddresses,
  foreignKindOf,
  pinnedLookup,
  privateKindOf,
  type Resolve,
  TargetRefused,
} from '@baton/outbound';
import { type Kind, kindOfType } from '../documents/kinds.js';
import { type KnowledgeLimits, sizeOf } from '../limits.js';
import { type AllowedPages, isAllowed } from './allowed-hosts.js';

export interface PageSettings {
  readonly hosts: readonly AllowedPages[];
  /** Whether addresses of one's own network are allowed, too. */
  readonly allowPrivate: boolean;
  readonly resolve: Resolve;
  readonly limits: KnowledgeLimits;
}

export interface Page {
  readonly bytes: Buffer;
  readonly kind: Kind;
  /** As the server names it; null where it does not. */
  readonly charset: string | null;
}

/** A page, or a clause about it and what to do, without a full stop. */
export type FetchedPage = { readonly ok: true; readonly page: Page } | { readonly ok: false; readonly reason: string };

/** Why a page is not read; the message is such a clause. */
class Unreadable extends Error {}

/**
 * Fetches one page. The list of hosts and the rule for addresses hold again after each redirect, and what is connected to
 * is what was looked up. Resolves whatever happens, but for an abort by `signal`.
 */
export async function fetchPage(url: URL, settings: PageSettings, signal: AbortSignal): Promise<FetchedPage> {
  const timeout = AbortSignal.timeout(settings.limits.pageMs);
  try {
    return { ok: true, page: await follow(url, settings, AbortSignal.any([timeout, signal])) };
  } catch (thrown) {
    signal.throwIfAborted();
    if (timeout.aborted)
      return {
        ok: false,
        reason: `it took longer than ${settings.limits.pageMs / 1000} s: try again, or give its text as a file`,
      };
    return { ok: false, reason: reasonOf(toError(thrown)) };
  }
}

async function follow(start: URL, settings: PageSettings, signal: AbortSignal): Promise<Page> {
  let url = start;
  for (let hop = 0; hop <= settings.limits.redirects; hop += 1) {
    const response = await get(url, settings, hop > 0, signal);
    const { statusCode = 0, headers } = response;
    if (statusCode === 200) return pageIn(response, url, settings.limits);
    response.destroy();
    const isRedirect = [301, 302, 303, 307, 308].includes(statusCode) && headers.location !== undefined;
    if (!isRedirect) throw new Unreadable(`its server answered ${statusCode}: check the address`);
    const next = headers.location ?? '';
    if (!URL.canParse(next, url.href))
      throw new Unreadable('its server leads on to what is no address: give another one');
    url = new URL(next, url);
  }
  throw new Unreadable(`it leads on more than ${settings.limits.redirects} times: give the address where it ends`);
}

async function get(url: URL, settings: PageSettings, isLedOn: boolean, signal: AbortSignal): Promise<IncomingMessage> {
  const whose = isLedOn ? `it leads on to ${url.protocol}//${url.host}, which` : `the host ${url.host}`;
  if (!isAllowed(url, settings.hosts))
    throw new Unreadable(`${whose} is not allowed: have it added to BATON_KNOWLEDGE_HOSTS, or give its text as a file`);
  const policy: AddressPolicy = {
    resolve: settings.resolve,
    refusalOf: settings.allowPrivate ? foreignKindOf : privateKindOf,
  };
  // An address that stands in the URL is never looked up, so `lookup` below would not see it.
  if (/^\[|^[\d.]+$/.test(url.hostname)) await allowedAddresses(url.hostname, policy);
  const options: RequestOptions = {
    headers: {
      accept: 'text/markdown, text/html, text/plain, */*;q=0.5',
      'accept-encoding': 'identity',
      'user-agent': 'baton',
    },
    // A connection of its own: one that is kept would outlive the check of its address.
    agent: false,
    lookup: pinnedLookup(policy),
    signal,
  };
  return new Promise<IncomingMessage>((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options);
    request.once('response', resolve);
    request.on('error', reject);
    request.end();
  });
}

async function pageIn(response: IncomingMessage, url: URL, limits: KnowledgeLimits): Promise<Page> {
  try {
    const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = response.headers;
    const kind = kindOfType(type, url.pathname);
    if (kind === null)
      throw new Unreadable(`it is ${type.split(';')[0]}, which is not read: give text, HTML, PDF or an image`);
    const charset = /charset\s*=\s*"?([\w:.-]{1,40})/i.exec(type)?.[1] ?? null;
    return { kind, charset, bytes: await bodyOf(unpacked(response, encoding), mostBytesOf(kind, limits)) };
  } finally {
    response.destroy();
  }
}

export function mostBytesOf(kind: Kind, limits: KnowledgeLimits): number {
  if (kind === 'pdf') return limits.pdfBytes;
  return kind === 'image' ? limits.imageBytes : limits.textBytes;
}

/** Nothing packed is asked for; a server that sends it all the same is counted by what comes out. */
function unpacked(response: IncomingMessage, encoding: string): Readable {
  const pipe = (stream: Readable & NodeJS.WritableStream): Readable => {
    response.once('error', (error) => stream.destroy(error));
    return response.pipe(stream);
  };
  switch (encoding.trim().toLowerCase()) {
    case 'identity':
    case '':
      return response;
    case 'gzip':
    case 'x-gzip':
      return pipe(createGunzip());
    case 'deflate':
      return pipe(createInflate());
    case 'br':
      return pipe(createBrotliDecompress());
    default:
      throw new Unreadable(`its server packs it as ${encoding.slice(0, 20)}: give its text as a file`);
  }
}

async function bodyOf(body: Readable, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop ends the stream.
  for await (const chunk of body) {
    const read = Buffer.from(chunk);
    bytes += read.length;
    if (bytes > mostBytes)
      throw new Unreadable(`it has more than ${sizeOf(mostBytes)}: give the part that matters as a file`);
    chunks.push(read);
  }
  return Buffer.concat(chunks);
}

/** Node tries every address of a host and throws what each of them said. */
function reasonOf(error: Error): string {
  if (error instanceof Unreadable) return error.message;
  if (error instanceof TargetRefused)
    return `its host ${error.message}, and such addresses are not fetched: give its text as a file`;
  const first = error instanceof AggregateError ? error.errors[0] : undefined;
  const { message } = first instanceof Error ? first : error;
  return `it could not be fetched (${message === '' ? error.name : message}): check the address`;
}
