import { z } from 'zod';
import { Actor } from './intake.js';
import { Json } from './json.js';

/** What was approved, as the log has it: the arguments of the question, their SHA-256 (hex), and who said yes last. */
export const GivenApproval = z.object({ sha256: z.string(), arguments: Json, by: Actor });
export type GivenApproval = z.infer<typeof GivenApproval>;
