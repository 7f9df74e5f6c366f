import { makePostgresTemplate } from '@baton/service-kit/testing';

/** One initialised database, for all stacks of a run to copy. */
export default () => makePostgresTemplate();
