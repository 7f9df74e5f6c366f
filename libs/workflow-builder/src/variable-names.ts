import { FUNCTION_NAMES } from '@baton/asl';

/** What every chain keeps for itself. */
const OF_THE_CHAIN = ['input', 'failure', 'states'];

/** Why a name cannot be a variable of a chain; null where it can. */
export function problemOfVariable(name: string): string | null {
  if (!/^[\p{ID_Start}_]\p{ID_Continue}{0,60}$/u.test(name))
    return 'a variable has letters, digits and underscores, at most 61';
  if (OF_THE_CHAIN.includes(name)) return 'the chain has a variable of that name itself';
  // A variable of such a name hides the function from every later expression.
  return FUNCTION_NAMES.has(name) ? `it would hide the function $${name}` : null;
}

/** The name of a step in camel case: `TrainModel` gives `trainModel`, `URLCheck` gives `urlCheck`. */
export function variableFor(stepName: string): string {
  const words = stepName.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word !== '');
  return words.map((word, index) => (index === 0 ? lowered(word) : raised(word))).join('');
}

const lowered = (word: string): string =>
  word.replace(/^\p{Lu}+(?!\p{Ll})|^\p{Lu}/u, (capitals) => capitals.toLowerCase());
const raised = (word: string): string => word.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
