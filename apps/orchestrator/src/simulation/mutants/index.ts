import { acknowledgesABundleWhole } from './acknowledges-a-bundle-whole.js';
import { acknowledgesBeforeAppend } from './acknowledges-before-append.js';
import { answersAnApprovalTwice } from './answers-an-approval-twice.js';
import { callsTheQueuesWholeTooEarly } from './calls-the-queues-whole-too-early.js';
import { checksNoLease } from './checks-no-lease.js';
import { countsAResultTwice } from './counts-a-result-twice.js';
import { countsNoPlaces } from './counts-no-places.js';
import { forgetsTheInbox } from './forgets-the-inbox.js';
import { forgetsTheToken } from './forgets-the-token.js';
import { forgetsTheVersion } from './forgets-the-version.js';
import { forksWithoutTasks } from './forks-without-tasks.js';
import { hasNoSweep } from './has-no-sweep.js';
import { keepsAPlace } from './keeps-a-place.js';
import { keepsTheEndOfAChild } from './keeps-the-end-of-a-child.js';
import { keepsTimersInMemory } from './keeps-timers-in-memory.js';
import { leavesOrphans } from './leaves-orphans.js';
import { movesTheCursorFirst } from './moves-the-cursor-first.js';
import type { Mutant } from './mutant.js';
import { releasesABudgetTwice } from './releases-a-budget-twice.js';
import { sendsBeforeTheCommit } from './sends-before-the-commit.js';
import { writesHalfABatch } from './writes-half-a-batch.js';

export const MUTANTS: readonly Mutant[] = [
  acknowledgesBeforeAppend,
  forgetsTheVersion,
  countsAResultTwice,
  answersAnApprovalTwice,
  keepsTimersInMemory,
  releasesABudgetTwice,
  checksNoLease,
  acknowledgesABundleWhole,
  keepsTheEndOfAChild,
  leavesOrphans,
  movesTheCursorFirst,
  sendsBeforeTheCommit,
  callsTheQueuesWholeTooEarly,
  hasNoSweep,
  forgetsTheInbox,
  writesHalfABatch,
  forksWithoutTasks,
  countsNoPlaces,
  keepsAPlace,
  forgetsTheToken,
];
