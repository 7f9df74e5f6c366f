import { useRef } from 'react';

const BYTES = 16;

/** A key for a request, of no meaning. Also where the page is no secure context, which has no `randomUUID`. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(BYTES)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The `Idempotency-Key` of what is sent: the same for as long as it is the same, so that a repetition has its effect once. */
export function useRequestKey(): (content: unknown) => string {
  const last = useRef({ text: '', key: '' });
  return (content) => {
    const text = JSON.stringify(content);
    if (last.current.text !== text) last.current = { text, key: newKey() };
    return last.current.key;
  };
}
