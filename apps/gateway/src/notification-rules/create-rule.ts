import type { CreateRuleBody, RuleView } from '@baton/contracts';
import { createRule, MOST_RULES, ruleView } from '@baton/notifications';
import { isTimeZone } from '@baton/schedules';
import { ProblemError } from '../http/problem.js';
import type { Deed } from '../once/once.js';
import type { GatewayParts } from '../parts/parts.js';

/** @throws ProblemError 422 with what is wrong; 409 where the name is taken, or there are too many */
export async function prepareRule(
  { caller }: Pick<GatewayParts, 'caller'>,
  body: CreateRuleBody,
): Promise<Deed<RuleView>> {
  const { quiet } = body;
  if (quiet !== undefined && !isTimeZone(quiet.timeZone)) {
    throw new ProblemError(`There is no time zone ${quiet.timeZone}.`, {
      status: 422,
      code: 'invalid-body',
      next: 'Name one of the IANA database, such as Europe/Berlin.',
      errors: [{ pointer: '/quiet/timeZone', detail: 'is no time zone of the IANA database' }],
    });
  }
  const rule = { ...body, createdBy: caller().actor };
  return async (connection) => {
    const made = await createRule(connection, rule);
    if (typeof made !== 'string') return ruleView(made);
    throw made === 'exists'
      ? new ProblemError(`There is a rule ${body.name} already.`, {
          status: 409,
          code: 'rule-exists',
          next: 'Choose another name, or DELETE /v1/notification-rules/{name} first.',
          errors: [{ pointer: '/name', detail: 'belongs to another rule' }],
        })
      : new ProblemError(`There are ${MOST_RULES} rules already, which is the most there can be.`, {
          status: 409,
          code: 'too-many-rules',
          next: 'DELETE /v1/notification-rules/{name} removes one.',
        });
  };
}
