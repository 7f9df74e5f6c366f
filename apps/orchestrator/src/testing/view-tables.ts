/** Rows of `logins-on-tables.int.spec.ts`: what the gateway folds, what is foreseen with it, and what people are told by. */
export const VIEWS = {
  ...{ agent_usage_view: 'SIUD', approval_view: 'SIUD', decision_view: 'SIUD', run_usage_view: 'SIUD' },
  ...{ run_expectation: 'SIUD', run_step_time: 'SID', anomaly: 'SID' },
};
export const TELLS = {
  ...{ notification_rule: 'S', notification_message: 'SIUD', notice: 'SIuD', notification_cursor: 'SU' },
  anomaly: 'S',
};
export const TOLD = { notification_rule: 'SID', notification_message: 'Su', notice: 'SI' };
