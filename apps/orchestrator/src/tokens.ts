/** What Nest injects into the controllers. */
export const HUB = Symbol('hub');
export const CATALOG = Symbol('catalog');
/** Where runs wait for a place. */
export const LINE = Symbol('line');
export const POOL = Symbol('pool');
/** Whether requests that come past the gateway have to be signed. */
export const SIGNED_ONLY = Symbol('signed only');
/** Which of all logs this is. */
export const SHARD = Symbol('shard');
