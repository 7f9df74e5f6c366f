import { didYouMean, type SubmitRun } from '@baton/contracts';
import { ProblemError } from '../http/problem.js';
import type { GatewayParts } from '../parts/parts.js';
import { listTemplates } from '../templates/find-templates.js';
import { checkServers } from './check-servers.js';

/**
 * Refuses variants that no service has: a misspelt one would be found by the first task that needs it, or by none. Where no
 * service has said yet what it works with, nothing is refused.
 *
 * @throws ProblemError 422 `unknown-template`, and as `checkServers`
 */
export async function checkAgents({ pool }: GatewayParts, agents: SubmitRun['agents']): Promise<void> {
  await checkServers(pool, agents?.mcpServers);
  const pins = Object.entries(agents?.templates ?? {});
  if (pins.length === 0) return;
  const { templates } = await listTemplates(pool);
  if (templates.length === 0) return;
  const errors = pins.flatMap(([id, variant]) => {
    const variants = templates.filter((each) => each.id === id).map((each) => each.variant);
    if (variants.includes(variant)) return [];
    const names = [...new Set(templates.map((each) => each.id))];
    const detail =
      variants.length === 0
        ? `there is no template ${id}.${didYouMean(id, names)}`
        : `${id} has no variant ${variant}; it has ${[...new Set(variants)].join(', ')}`;
    return [{ pointer: `/agents/templates/${id}`, detail }];
  });
  if (errors.length === 0) return;
  throw new ProblemError('The run asks for templates that no service has.', {
    status: 422,
    code: 'unknown-template',
    next: 'See `baton template list`.',
    errors,
  });
}
