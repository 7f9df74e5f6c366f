import type { Schemas } from '../../../api/api.js';

type Scope = Schemas['AccessScope'];

/** What is asked for when a key is made. */
export interface ScopeDraft {
  readonly workflows: string;
  readonly labels: string;
  readonly isOwn: boolean;
}

const wordsIn = (text: string): readonly string[] => text.split(/[\s,]+/).filter((word) => word !== '');

/** The scope that was typed; undefined where it is for all runs. Labels are `key=value`. */
export function scopeIn({ workflows, labels, isOwn }: ScopeDraft): Scope | undefined {
  const names = wordsIn(workflows);
  const pairs = wordsIn(labels).map((word) => {
    const at = word.indexOf('=');
    return at < 0 ? ([word, ''] as const) : ([word.slice(0, at), word.slice(at + 1)] as const);
  });
  const scope: Scope = {
    ...(names.length === 0 ? {} : { workflows: [...names] }),
    ...(pairs.length === 0 ? {} : { labels: Object.fromEntries(pairs) }),
    ...(isOwn ? { own: true as const } : {}),
  };
  return Object.keys(scope).length === 0 ? undefined : scope;
}

/** A scope as one line. */
export function scopeText(scope: Scope | null): string {
  if (scope === null) return 'all runs';
  return [
    ...(scope.workflows ?? []).map((name) => `workflow=${name}`),
    ...Object.entries(scope.labels ?? {}).map(([key, value]) => `label=${key}=${value}`),
    ...(scope.own === true ? ['own'] : []),
  ].join(', ');
}
