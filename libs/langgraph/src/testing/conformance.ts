import {
  type CheckpointSaverTestInitializer,
  deltaChannelHistoryTests,
  validate,
} from '@langchain/langgraph-checkpoint-validation';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BatonCheckpointSaver } from '../baton-checkpoint-saver.js';

/** Describes what LangGraph demands of whoever keeps its checkpoints, the part that it leaves to choice included. */
export function describeConformance(keeper: CheckpointSaverTestInitializer<BatonCheckpointSaver>): void {
  // The kit takes these from where vitest puts them when it is told to: here only for the kit.
  for (const [name, value] of Object.entries({ afterAll, afterEach, beforeAll, beforeEach, describe, expect, it }))
    vi.stubGlobal(name, value);
  validate(keeper);
  deltaChannelHistoryTests(keeper);
  afterAll(() => void vi.unstubAllGlobals());
}
