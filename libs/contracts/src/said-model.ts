const SAID = ' Its model: ';

/** What an agent says of itself where workers are listed: what it does, and by which model. */
export const withSaidModel = (description: string, model: string): string => `${description}${SAID}${model}.`;

/** The model that an agent said; null where it said none. */
export const saidModel = (description: string): string | null => split(description)?.model ?? null;

/** What it said beside its model. */
export const withoutSaidModel = (description: string): string => split(description)?.rest ?? description;

/** Not by a pattern: anybody may write a description that has the words many times. */
function split(description: string): { readonly rest: string; readonly model: string } | null {
  const at = description.lastIndexOf(SAID);
  const model = description.slice(at + SAID.length, -1);
  return at < 0 || model === '' || !description.endsWith('.') ? null : { rest: description.slice(0, at), model };
}
