/*
 * The words of a condition, without what is quoted in it; null where they say more than one thing, or deny what no program can be
 * sure of. Each is a list of words that is looked for once: no expression tries a length twice from one place.
 */

export interface ConditionText {
  /** In lower case, without signs at its end; `""` stands where something is quoted. */
  readonly text: string;
  readonly quoted: string | null;
}

const QUOTED =
  /(?<![\p{L}\p{N}])(?:"([^"]{1,200})"|“([^“”]{1,200})”|`([^`]{1,200})`|'([^']{1,200})'(?![\p{L}\p{N}])|‘([^‘’]{1,200})’(?![\p{L}\p{N}]))/gu;
/** Two conditions, one that may hold, one that holds of a part, or the opposite of one whose reach is not plain. */
const UNCERTAIN =
  /\b(?:and|or|but|nor|either|neither|both|plus|yet|although|though|while|except|unless|only|can|could|may|might|will|would|all|every|each|when|until|cannot|without|lack|lacks|lacking|never|nothing|nobody|nowhere|no longer)\b|n't\b|[&;|/]|["“”`]/u;

export function conditionText(says: string): ConditionText | null {
  const all = [...says.matchAll(QUOTED)];
  if (all.length > 1) return null;
  const outside = says
    .replaceAll(QUOTED, ' \u0000 ')
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/\b(is|are|was|were)n't\b/gu, '$1 not')
    .replaceAll(/([<>=!≤≥≠]+)/gu, ' $1 ');
  if (UNCERTAIN.test(outside)) return null;
  const text = outside.replaceAll('\u0000', '""').split(/\s+/u).join(' ').trim();
  return { text: withoutEnd(text), quoted: all[0]?.slice(1).find((each) => each !== undefined) ?? null };
}

function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && '.!? '.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** A word that denies, wherever it stands. */
export const DENIES = /\b(?:not|no|none|non|hardly|barely|scarcely|rarely|seldom|fails?|failed|empty|false)\b|!/u;
