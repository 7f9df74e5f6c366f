import { ErrorName, type Finding, type ParsedDefinition } from '@baton/asl';
import { readTraceparent } from '@baton/contracts';
import { defaultLanguageOf } from '../document/default-language.js';
import { isChecked, lintMachine } from '../document/machine-of-document.js';
import { engineOf } from '../engine.js';
import type { RunEvent } from '../events/run-event.js';
import type { OrderMeta, RunOrder } from '../orders.js';
import { isoTime } from './turn/turn.js';

/** 0 is most urgent, 3 least. */
export const DEFAULT_PRIORITY = 2;

/** How every run begins. A definition that cannot run was refused long before; should one come, the run says why. */
export function startEvents(order: Extract<RunOrder, { type: 'StartRun' }>, meta: OrderMeta): RunEvent[] {
  const { submission, document, sha256, parent } = order;
  const engine = engineOf(meta);
  const trace = readTraceparent(submission.traceparent);
  const budget = { ...document.budget, ...submission.budget };
  const started: RunEvent = {
    type: 'RunStarted',
    data: {
      workflow: { name: document.name, version: document.version, sha256 },
      document,
      input: submission.input,
      requestId: submission.requestId,
      submittedBy: submission.actor ?? meta.actor,
      labels: submission.labels ?? {},
      priority: submission.priority ?? DEFAULT_PRIORITY,
      decisionMode: submission.decisions?.mode ?? document.decisions?.mode ?? 'programmatic',
      startedAt: isoTime(meta.nowMs),
      ...(budget.usd === undefined && budget.tokens === undefined ? {} : { shares: 'by-cost' as const }),
      ...(parent === undefined ? {} : { parent }),
      ...(submission.agents === undefined ? {} : { agents: submission.agents }),
      ...(submission.by === undefined ? {} : { by: submission.by }),
      ...defaultLanguageOf(document),
      ...(engine === null ? {} : { engine }),
      ...(trace === undefined ? {} : { trace }),
      budget: { usd: budget.usd ?? null, tokens: budget.tokens ?? null, wallClock: budget.wallClock ?? null },
    },
  };
  const error = isChecked(document) ? null : errorOf(lintMachine(document));
  if (error !== null) {
    const cause = `The definition cannot run: ${error.pointer} ${error.message}`;
    return [started, { type: 'RunFailed', data: { error: ErrorName.runtime, cause } }];
  }
  const root: RunEvent = {
    type: 'FrameStarted',
    data: { frame: 0, parent: null, machine: '', input: submission.input },
  };
  return [started, root];
}

const errorOf = ({ ok, findings }: ParsedDefinition): Finding | null =>
  ok ? null : (findings.find(({ severity }) => severity === 'error') ?? null);
