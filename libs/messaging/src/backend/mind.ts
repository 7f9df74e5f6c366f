const EVERY_MS = 5_000;

/**
 * Asks again and again over a connection that mostly waits to be told something: it would not notice that nobody is left to tell
 * it. What follows from no answer is the connection's own, since its time for an answer runs: it is opened anew.
 *
 * @returns what ends it
 */
export function mind(connection: { readonly status: string }, ask: () => Promise<unknown>): () => void {
  const asking = setInterval(() => {
    if (connection.status === 'ready') ask().catch(() => {});
  }, EVERY_MS);
  asking.unref();
  return () => clearInterval(asking);
}
