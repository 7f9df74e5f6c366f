/** A key for a request; also where the page has no secure context, and so no `randomUUID`. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Keys of requests: the same body has the same key until it was accepted, so what was sent twice happens once. */
export function requestKeys(make: () => string): { readonly of: (body: unknown) => string; readonly done: () => void } {
  let last: { readonly text: string; readonly key: string } | null = null;
  return {
    of(body) {
      const text = JSON.stringify(body);
      if (last?.text !== text) last = { text, key: make() };
      return last.key;
    },
    done() {
      last = null;
    },
  };
}
