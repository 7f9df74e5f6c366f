import type { Schemas } from '../../../api/api.js';

type Rule = Schemas['RuleView'];

/** Where people are told. */
export const channelInWords = ({ channel }: Pick<Rule, 'channel'>): string =>
  channel.type === 'email' ? channel.to.join(', ') : `channel of ${channel.urlFrom}`;

/** Of which runs. */
export function runsInWords({ workflows, statuses, labels }: Pick<Rule, 'workflows' | 'statuses' | 'labels'>): string {
  const parts = [
    workflows?.join(', ') ?? 'all workflows',
    ...(statuses === null ? [] : [`ended ${statuses.join(' or ')}`]),
    ...Object.entries(labels).map(([name, value]) => `${name}=${value}`),
  ];
  return parts.join('; ');
}

/** When: at once, together, not at night, and again while nobody answers. */
export function timesInWords({
  digestMinutes,
  quiet,
  remind,
}: Pick<Rule, 'digestMinutes' | 'quiet' | 'remind'>): string {
  const parts = [
    digestMinutes === 0 ? 'at once' : `together, each ${digestMinutes} min`,
    ...(quiet === null ? [] : [`not ${quiet.from}–${quiet.to} (${quiet.timeZone})`]),
    ...(quiet === null || quiet.days.length === 0 ? [] : [`nor on ${quiet.days.join(', ')}`]),
    ...(remind === null ? [] : [`approvals again each ${remind.everyMinutes} min, ${remind.most} times at most`]),
  ];
  return parts.join('; ');
}
