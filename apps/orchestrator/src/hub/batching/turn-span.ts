import { type Span, startSpan, traceparentOf } from '@baton/telemetry';
import type { RunState } from '@baton/workflow';
import type { HubMessage } from '../message.js';

/** A turn as it is seen from outside. Where nobody traces, it is what passes on the trace of whoever asked. */
export interface TurnSpan {
  /** What tasks issued in it belong to. */
  readonly traceparent: string | undefined;
  /** Null where this process has no tracing. */
  readonly span: Span | null;
}

interface Decided {
  readonly message: HubMessage;
  /** After the turn. */
  readonly state: RunState;
  readonly events: number;
}

/**
 * A turn has a span of its own, in the trace of what it was told: a submission, a result, the answer of a person. What comes after
 * a wait has another trace than the beginning of its run, or none that it comes from, and links to that beginning: no span is open
 * for the days in between.
 */
export function turnSpan({ message, state, events }: Decided, isTracing: boolean): TurnSpan {
  const origin = state.status === 'new' ? undefined : state.trace;
  if (!isTracing || state.status === 'new') return { traceparent: message.trace ?? origin, span: null };
  const span = startSpan(`turn ${state.workflow.name}`, {
    parent: message.trace,
    isRoot: true,
    links: [origin],
    attributes: {
      'baton.run.id': message.runId,
      'baton.workflow.name': state.workflow.name,
      'baton.workflow.version': state.workflow.version,
      'baton.order': message.order.type,
      'baton.events': events,
      'baton.run.status': state.status,
      ...('commandId' in message.order ? { 'baton.command.id': message.order.commandId } : {}),
    },
  });
  return { traceparent: traceparentOf(span), span };
}

/** Ends the spans of turns: those that were not written are decided again, and have others then. */
export function endTurns(turns: readonly TurnSpan[], outcome: 'committed' | 'again'): void {
  for (const { span } of turns) {
    span?.setAttribute('baton.outcome', outcome);
    span?.end();
  }
}
