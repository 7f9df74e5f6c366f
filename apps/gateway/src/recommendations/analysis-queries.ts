import { JudgeQuery } from '../decisions/decision-queries.js';
import { pageLimit } from '../http/parameters.js';

/** A parameter that is not known is refused: a filter that is misspelt must not look like a result. */
export const AnalysisQuery = JudgeQuery.extend({
  /** The newest of them. */
  runs: pageLimit(2_000, 200),
});
