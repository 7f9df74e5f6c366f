import { useRef } from 'react';

const BYTES = 16;

/** A key for a request, of no meaning. Also where the page is no secure context, which has no `randomUUID`. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(BYTES)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The `Idempotency-Key` of what is sent: the same for as long as it is the same, so that a repetition has its effect once. */
export function useRequestKey(): (content: unknown) => string {
  return useRef(requestKeys()).current.keyFor;
}

/** The same, and `forget`, for what may be sent again once it had its effect, and is to have it again. */
export function useRequestKeys(): RequestKeys {
  return useRef(requestKeys()).current;
}

interface RequestKeys {
  readonly keyFor: (content: unknown) => string;
  readonly forget: () => void;
}

export function requestKeys(): RequestKeys {
  let last: { readonly text: string; readonly key: string } | null = null;
  return {
    keyFor: (content) => {
      const text = JSON.stringify(content);
      if (last?.text !== text) last = { text, key: newKey() };
      return last.key;
    },
    forget: () => {
      last = null;
    },
  };
}
