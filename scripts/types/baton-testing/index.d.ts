/** What `vitest.config.ts` and `scripts/testing/global-setup.ts` provide to tests through `inject`. */
import 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    /** `long` under `npm run test:long`: whoever has a short form of a test asks which one is meant. */
    effort: 'short' | 'long';
    /** Superuser URL of a maintenance database. Integration tests make databases of their own. */
    postgresUrl: string;
    /** A Redis for integration tests, to use freely under keys of one's own; null where none was found. */
    redisUrl: string | null;
  }

  interface Matchers<T> {
    /** Holds a function to a bound of computing time; to be awaited where the function is asynchronous. */
    toComputeWithin(ms: number): T extends () => Promise<unknown> ? Promise<void> : void;
  }
}
