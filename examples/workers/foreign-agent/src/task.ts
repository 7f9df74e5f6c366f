import { TreeVersion } from '@baton/contracts';
import { z } from 'zod';

/*
 * What a programmer of Baton is given, and what is expected of one: steps 4 and 6 of the workflow seven-step. Whatever else a
 * task says is told to the agent as it is.
 */

const DeliverableFile = z.object({ path: z.string().min(1), content: z.string() });
export type DeliverableFile = z.infer<typeof DeliverableFile>;

const Version = z.looseObject({ tree: TreeVersion, base: TreeVersion.optional() });

const Language = z.enum(['typescript', 'python']);

const Issues = z.looseObject({ issues: z.array(z.looseObject({ id: z.string() })) });

export const ForeignTask = z.strictObject({
  /** What Baton's own programmer would be asked with. */
  template: z.string().optional(),
  requirements: z.string().refine((text) => text.trim() !== '', 'the requirements are empty'),
  language: Language.default('typescript'),
  testCommand: z.string().min(1).optional(),
  /** The version that the work begins from, and the one that it is compared with where that is another. */
  workspace: Version.nullish(),
  workspaceType: z.string().optional(),
  /** Files that exist already, where there is no workspace. */
  files: z.array(DeliverableFile).default([]),
  plan: z.json().optional(),
  standards: z.json().optional(),
  documentationLocations: z.json().optional(),
  knownFailures: z.json().optional(),
  /** The work of the round before, and what was said of it. */
  code: z
    .looseObject({
      files: z.array(DeliverableFile),
      testCommand: z.string().optional(),
      writtenBy: z.string().optional(),
      workspace: Version.nullish(),
    })
    .optional(),
  reviews: z.array(Issues).default([]),
  toolReport: z.looseObject({ failing: z.array(z.string()), tools: z.array(z.looseObject({})) }).nullish(),
  comments: z.array(z.looseObject({ id: z.string() })).default([]),
  round: z.int().optional(),
});
export type ForeignTask = z.infer<typeof ForeignTask>;

export const Answer = z.object({ to: z.string().min(1), answer: z.string().min(1) });
export type Answer = z.infer<typeof Answer>;

export const Deliverable = z.object({
  files: z.array(DeliverableFile),
  workspace: z.object({ base: TreeVersion, tree: TreeVersion }).exactOptional(),
  notes: z.string(),
  testCommand: z.string().min(1),
  language: Language,
  writtenBy: z.string().min(1),
  answers: z.array(Answer),
});
export type Deliverable = z.infer<typeof Deliverable>;

/** All that wants an answer: what the readers found, what people asked for, which tools failed. */
export const askedOf = ({ reviews, comments, toolReport }: ForeignTask): readonly string[] => [
  ...new Set([
    ...reviews.flatMap(({ issues }) => issues.map(({ id }) => id)),
    ...comments.map(({ id }) => id),
    ...(toolReport?.failing ?? []),
  ]),
];
