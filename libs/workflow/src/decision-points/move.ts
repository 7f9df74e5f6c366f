import { RecoveryStrategy } from '@baton/contracts';
import { z } from 'zod';
import { ActionType } from './decision-record.js';

/** Something that can be done at a decision point. */
export const Move = z.object({
  /** `go:<state>`, `catch:<n>`, `retry:<strategy>`, `human` or `fail`. */
  id: z.string(),
  actionType: ActionType,
  /** The state that follows; null where none does. */
  target: z.string().nullable(),
  targetAgent: z.string().nullable(),
  template: z.string().nullable(),
  stepNumber: z.int().nullable(),
  /** The rule of a Choice, or the catcher of a Task, that leads there. Null for the default, and where there is none. */
  index: z.int().nonnegative().nullable(),
  recoveryStrategy: RecoveryStrategy.nullable(),
  /** One sentence for whoever chooses. */
  text: z.string(),
});
export type Move = z.infer<typeof Move>;
