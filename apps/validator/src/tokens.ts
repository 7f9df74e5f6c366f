/** What Nest injects into the controller. */
export const HANDLER = Symbol('handler');
export const MESSAGING = Symbol('messaging');
export const PORTS = Symbol('ports');
