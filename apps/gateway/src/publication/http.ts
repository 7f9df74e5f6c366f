import { BatonError } from '@baton/contracts';
import type { Publication } from './publication.js';

export type Send = (url: string, init: RequestInit) => Promise<Response>;

const TIMEOUT_MS = 15_000;
/** More than any note, and less than what hurts. */
const MOST_CHARACTERS = 64 * 1024;

/** A server that takes files by PUT, and gives them by GET. */
export function httpPublication(base: string, token: string | undefined): Publication {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return webPublication(base, (url, init) => fetch(url, { ...init, headers: { ...headers, ...init.headers } }), null);
}

/** @param list all names below the base; null where the server has no such thing */
export function webPublication(base: string, send: Send, list: (() => Promise<readonly string[]>) | null): Publication {
  const where = new URL(base);
  [where.username, where.password, where.search, where.hash] = ['', '', '', ''];
  const urlOf = (name: string): string => `${where.href.replace(/\/+$/, '')}/${name}`;
  const get = async (name: string): Promise<string | null> => {
    const response = await sent(send, 'GET', urlOf(name), {});
    if (response.status === 404) return null;
    if (!response.ok) throw refused('GET', urlOf(name), response);
    const text = await response.text();
    if (text.length <= MOST_CHARACTERS) return text;
    throw new BatonError(`${urlOf(name)} is longer than any note.`, { code: 'publication-refused' });
  };
  const put = async (name: string, text: string, headers: Record<string, string>): Promise<Response> => {
    const type = { 'content-type': 'text/plain; charset=utf-8' };
    const response = await sent(send, 'PUT', urlOf(name), { body: text, headers: { ...type, ...headers } });
    await response.arrayBuffer();
    return response;
  };
  return {
    where: where.href,
    get,
    create: async (name, text) => {
      // Not every server knows the condition of the PUT, so whether something is there is asked first.
      if ((await get(name)) !== null) return false;
      const response = await put(name, text, { 'if-none-match': '*' });
      if (response.status === 412 || response.status === 409) return false;
      if (!response.ok) throw refused('PUT', urlOf(name), response);
      return true;
    },
    replace: async (name, text) => {
      const response = await put(name, text, {});
      if (!response.ok) throw refused('PUT', urlOf(name), response);
    },
    list: async () => (list === null ? null : list()),
  };
}

/** @throws BatonError `publication-unreachable` */
export async function sent(send: Send, method: string, url: string, init: RequestInit): Promise<Response> {
  try {
    return await send(url, { ...init, method, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (thrown) {
    throw new BatonError(`${method} ${url} had no answer.`, {
      code: 'publication-unreachable',
      next: 'Look whether the server of BATON_CHECKPOINTS runs and can be reached from here.',
      cause: thrown,
    });
  }
}

export const refused = (method: string, url: string, { status }: Response): BatonError =>
  new BatonError(`${method} ${url} was answered with ${status}.`, {
    code: 'publication-refused',
    next: 'Look at BATON_CHECKPOINTS and what goes with it: address, rights and keys.',
  });
