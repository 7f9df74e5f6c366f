import { UsageReport } from '@baton/contracts';
import { UsageQuery } from '../../usage/usage-query.js';
import type { Operations } from '../operation.js';

export const usageOperations: Operations = {
  'GET /v1/usage': {
    id: 'sumUsage',
    tag: 'runs',
    summary: 'What runs used, by workflow, agent, model or day',
    description:
      'Of the runs that began in the range, and that the caller finds in the list of runs. A child run counts for itself, and not for its parent.',
    query: UsageQuery,
    answers: { 200: { description: 'The sums.', schema: UsageReport } },
    refusals: [503],
  },
};
