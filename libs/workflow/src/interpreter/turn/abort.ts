import { BatonErrorName } from '@baton/contracts';
import { commandOrdinal } from '../../ids.js';
import type { VisitState } from '../../state/run-state.js';
import { emit, frameOf, type Turn } from './turn.js';

/** Gives up a frame, what runs inside it first, and what it waits for. */
function abortFrame(turn: Turn, frameNumber: number, reason: string): void {
  const visit = turn.run.visits.get(frameOf(turn, frameNumber).visit ?? -1);
  if (visit !== undefined) {
    abortCommand(turn, visit, reason);
    abortBranches(turn, visit, reason);
  }
  emit(turn, { type: 'FrameAborted', data: { frame: frameNumber, reason } });
}

/** Gives up what a visit waits for. A Map may wait for a page of items while others of them run. */
export function abortCommand(turn: Turn, { visit, command }: VisitState, reason: string): void {
  if (command !== null) emit(turn, { type: 'CommandCancelled', data: { visit, commandId: command, reason } });
}

/** Gives up the branches or items of a visit that still run. */
export function abortBranches(turn: Turn, visit: VisitState, reason: string): void {
  const open = [...visit.branches.values()].filter((frame) => turn.run.frames.has(frame));
  for (const frame of open.sort((a, b) => a - b)) abortFrame(turn, frame, reason);
}

/** Gives up everything that is open. */
export function abortRoot(turn: Turn, reason: string): void {
  for (const frame of [...turn.run.frames.values()]) {
    if (frame.parent === null) abortFrame(turn, frame.frame, reason);
  }
}

/** Who cancels a run wants nothing more of it, advice in shadow included. Where a run ends by itself, that still comes. */
export function dropShadows(turn: Turn): void {
  const inOrder = [...turn.run.shadows.values()].sort(
    (a, b) => commandOrdinal(a.commandId) - commandOrdinal(b.commandId),
  );
  for (const { visit, commandId, decisionId } of inOrder) {
    const dropped = { error: BatonErrorName.cancelled, cause: 'the run was cancelled before the advice came' };
    emit(turn, { type: 'AdviceFailed', data: { visit, commandId, decisionId, ...dropped } });
  }
}
