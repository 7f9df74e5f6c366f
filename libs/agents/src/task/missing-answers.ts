/** What stands where a model left an answer out: its work is whole without it, and who reads it sees what is missing. */
export const NO_ANSWER = 'No answer was given.';

/** Those of the ids that are not among the answered ones, each once. */
export const unanswered = (ids: readonly string[], answered: readonly string[]): readonly string[] =>
  [...new Set(ids)].filter((id) => !answered.includes(id));
