import { bareHost, type Target } from './host-rules.js';

/** What a CONNECT asks for. */
export function authorityOf(text: string): Target | null {
  if (/[/@?#\s]/.test(text) || !URL.canParse(`http://${text}`)) return null;
  const port = /:(\d{1,5})$/.exec(text)?.[1];
  // The parser brings every way to write an address into one form.
  return port === undefined ? null : { host: bareHost(new URL(`http://${text}`).hostname), port: Number(port) };
}

/** What a request without a tunnel asks for: a whole URL of plain HTTP, without a password. */
export const plainUrl = (text: string): URL | null => {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === 'http:' && url.username === '' && url.password === '' ? url : null;
};

export const targetOf = ({ hostname, port }: URL): Target => ({
  host: bareHost(hostname),
  port: port === '' ? 80 : Number(port),
});
