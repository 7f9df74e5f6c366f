export { type MediaType, mediaTypeOf } from './documents/kinds.js';
export type { RunFile, Source } from './gather.js';
export {
  type Hit,
  type Knowledge,
  type KnowledgeSettings,
  type OpenedKnowledge,
  openKnowledge,
} from './open-knowledge.js';
export { parseAllowedHosts } from './places/allowed-hosts.js';
