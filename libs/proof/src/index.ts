export { eventHash, type HashedEvent } from './event-hash.js';
export {
  type Checkpoint,
  openCheckpoint,
  parseCheckpoint,
  type SignedCheckpoint,
  signCheckpoint,
} from './notes/checkpoint.js';
export {
  generateSignerKey,
  parseSignerKey,
  parseVerifierKey,
  type SignerKey,
  type VerifierKey,
} from './notes/note-keys.js';
export { keyChain, signRotation } from './notes/rotation.js';
export { unopenedText } from './notes/signed-note.js';
export { isConsistent, rootByInclusion } from './tree/check-proofs.js';
export { type GrowingTree, growTree } from './tree/growing-tree.js';
export { emptyRoot, HASH_BYTES, leafOf, parentOf } from './tree/hashes.js';
export { consistencyRanges, inclusionRanges, joined, type Range, subtreesOf } from './tree/ranges.js';
