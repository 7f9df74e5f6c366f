export { mediaTypeOf } from './documents/kinds.js';
export type { RunFile, Source } from './gather.js';
export {
  type Hit,
  type Knowledge,
  type OpenedKnowledge,
  openKnowledge,
} from './open-knowledge.js';
export {
  /** @public A part of what the environment of agents is. */
  type AllowedPages,
  parseAllowedHosts,
} from './places/allowed-hosts.js';
