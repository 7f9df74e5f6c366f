import type { RecoveryStrategy } from '@baton/contracts';

/** How a task that failed for good is tried again, and what it failed with. */
export interface Recovery {
  readonly strategy: RecoveryStrategy;
  readonly previous: { readonly error: string; readonly cause: string };
}
