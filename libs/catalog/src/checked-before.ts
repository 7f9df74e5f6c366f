import type { ShippedWorkflow } from './catalog.js';

/** By the SHA-256 of a file's bytes what the check says of it, where it says that all is well. */
export type CheckedFiles = ReadonlyMap<string, Pick<ShippedWorkflow, 'document' | 'sha256'>>;

/**
 * What this very program was told of files when it was put together: reading and checking those that ship takes 0.4 s of the
 * processor at each start. Empty here; `scripts/bundle.mjs` fills it for the bundle.
 */
export const CHECKED_BEFORE: CheckedFiles = new Map();
