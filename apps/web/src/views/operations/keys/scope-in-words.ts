import type { Schemas } from '../../../api/api.js';

/** Which runs a key is for. */
export function scopeInWords(scope: Schemas['AccessScope'] | null): string {
  if (scope === null) return 'all runs';
  const { workflows, labels = {}, own } = scope;
  const parts = [
    ...(workflows === undefined ? [] : [`runs of ${workflows.join(', ')}`]),
    ...Object.entries(labels).map(([name, value]) => `with ${name}=${value}`),
    ...(own === true ? ['submitted with it'] : []),
  ];
  return parts.length === 0 ? 'all runs' : parts.join(', ');
}
