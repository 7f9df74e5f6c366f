import { findCatcher, findRetrier } from '@baton/asl';
import type { VisitState } from '../../state/run-state.js';
import type { Failure } from '../data/evaluation.js';
import { definitionOf, frameOf, type Turn, visitOf } from '../turn/turn.js';

/** Where a failure would be met by the rule. */
export type Meeting =
  /** By a catcher of the state itself. */
  | { readonly type: 'caught'; readonly index: number; readonly target: string }
  /** By a retrier or a catcher of a Parallel or a Map around it. */
  | { readonly type: 'raised'; readonly target: string; readonly isRetry: boolean; readonly frame: number }
  | { readonly type: 'run-fails' };

/** Where a failure will be met: by a catcher of the state, or by a retrier or catcher of a state around it. */
export function findRecovery(turn: Turn, start: VisitState, failure: Failure): Meeting {
  for (let visit = start; ; ) {
    const frame = frameOf(turn, visit.frame);
    const state = definitionOf(turn, visit);
    const isAround = visit.visit !== start.visit;
    if (isAround && 'Retry' in state && failure.isRetryable) {
      if (findRetrier(state.Retry, failure.error, visit.retries) !== null) {
        return { type: 'raised', target: visit.state, isRetry: true, frame: frame.frame };
      }
    }
    const caught = findCatcher('Catch' in state ? state.Catch : undefined, failure.error);
    if (caught !== null) {
      const target = caught.catcher.Next;
      if (!isAround) return { type: 'caught', index: caught.index, target };
      return { type: 'raised', target, isRetry: false, frame: frame.frame };
    }
    if (frame.parent === null) return { type: 'run-fails' };
    visit = visitOf(turn, frame.parent.visit);
  }
}
