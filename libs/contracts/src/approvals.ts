import { z } from 'zod';

/** What somebody may do. An admin may do whatever any role may. */
export const Role = z.enum(['viewer', 'submitter', 'approver', 'operator', 'auditor', 'admin']);
export type Role = z.infer<typeof Role>;

const ROLE = 'role:';

/**
 * Who may answer: everybody with a role, as `role:approver`, or one person by the id, as `ada` or `user:ada`. A bare id
 * means a user or an API key; anything else that may answer is named with its type.
 */
export const Approver = z
  .string()
  .min(1)
  .max(200)
  .check((context) => {
    const { value } = context;
    if (!value.startsWith(ROLE) || Role.safeParse(value.slice(ROLE.length)).success) return;
    const message = `there is no role ${JSON.stringify(value.slice(ROLE.length))}; the roles are ${Role.options.join(', ')}`;
    context.issues.push({ code: 'custom', message, input: value });
  });
export type Approver = z.infer<typeof Approver>;

/** The role of an approver `role:<role>`; null where it names one person. */
export function roleOf(approver: Approver): Role | null {
  const role = approver.startsWith(ROLE) ? Role.safeParse(approver.slice(ROLE.length)) : null;
  return role?.success === true ? role.data : null;
}

const Approvers = z.array(Approver).min(1, 'name somebody, or leave it out and everybody may answer').max(100);
const Seconds = z
  .number()
  .positive()
  .max(366 * 86_400);

/** When somebody is reminded, and when others are asked too. Seconds since the question was asked. */
const ApprovalDue = z.strictObject({
  remindAfterSeconds: Seconds.optional(),
  escalateAfterSeconds: Seconds.optional(),
  /** Who may answer, too, from then on. */
  escalateTo: Approvers.optional(),
});

/** Who has to say yes before an approval is given: `policy` in the Arguments of the state that asks. */
export const ApprovalPolicy = z.strictObject({
  /** Everybody may answer where it is absent. */
  approvers: Approvers.optional(),
  /** How many different people have to approve. The first rejection or request for changes decides alone. */
  count: z.int().min(1).max(10).optional(),
  /** Whether the one who submitted the run is barred from answering. */
  excludeSubmitter: z.boolean().optional(),
  due: ApprovalDue.optional(),
});
export type ApprovalPolicy = z.infer<typeof ApprovalPolicy>;
