import { HandIn } from '@baton/contracts';
import { z } from 'zod';

/** Work of a task that a person does by hand. */
export const VisitHandIn = z.object({
  /** What was handed in and waits for the verdict of a worker; null while it is waited for. */
  given: HandIn.nullable(),
  /** What was wrong with what was handed in before; null where nothing was. */
  problems: z.string().nullable(),
});
export type VisitHandIn = z.infer<typeof VisitHandIn>;

/** Whether the approval that the visit waits for is answered with the work itself. */
export const isDoneByHand = (visit: {
  readonly handIn: VisitHandIn | null;
  /** A decision about the task comes before its work. */
  readonly question: object | null;
}): boolean => visit.question === null && visit.handIn !== null && visit.handIn.given === null;
