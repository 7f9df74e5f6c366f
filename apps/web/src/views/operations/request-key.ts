/** Names one wish, so that asking twice for it does it once. Also where a page was not loaded over TLS. */
export const newRequestKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
