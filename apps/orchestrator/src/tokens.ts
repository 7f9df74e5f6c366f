/** What Nest injects into the controllers. */
export const HUB = Symbol('hub');
export const CATALOG = Symbol('catalog');
export const POOL = Symbol('pool');
