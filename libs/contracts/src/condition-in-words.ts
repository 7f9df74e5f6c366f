/*
 * The forms in which a composed workflow states its conditions, each total: what a member has to be comes before what it is held to.
 * `conditionOf` in libs/goals writes them, and its tests read them by what is here.
 */

const PLACE = '([^()]*)';
const FORMS: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`^\\$type\\(${PLACE}\\) = "number" and `), ''],
  [new RegExp(`^\\$exists\\(${PLACE}\\) and \\$contains\\([^,]*, \\$lowercase\\((.*)\\)\\)$`), '$1 contains $2'],
  [new RegExp(`^\\$not\\(\\(${PLACE} = null or .*\\)\\)$`), '$1 is not empty'],
  [new RegExp(`^\\(${PLACE} = null or .*\\)$`), '$1 is empty'],
  [new RegExp(`^\\$not\\(${PLACE} = (.*)\\)$`), '$1 != $2'],
];

/** A condition of a composed workflow as a person reads it: `A.words > 5`. Any other expression keeps its form, without its signs. */
export function conditionInWords(condition: string): string {
  const text = condition
    .replace(/^\{% ?/, '')
    .replace(/ ?%\}$/, '')
    .replaceAll('`', '');
  const found = FORMS.find(([form]) => form.test(text));
  return (found === undefined ? text : text.replace(...found)).replaceAll(/\$(?=[A-Za-z])/g, '');
}
