/** What `scripts/testing/global-setup.ts` provides to integration tests through `inject`. */
import 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Superuser URL of a maintenance database. Tests make databases of their own. */
    postgresUrl: string;
    /** A Redis to use freely under keys of one's own; null where none was found. */
    redisUrl: string | null;
  }
}
