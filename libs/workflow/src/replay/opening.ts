import type { RunId } from '@baton/contracts';
import type { Engine } from '../engine.js';
import type { RunEvent, RunEventOf } from '../events/run-event.js';
import type { OrderMeta } from '../orders.js';
import type { RunState } from '../state/run-state.js';
import { tellerIn } from './envelope.js';
import type { OneOrder } from './order-of.js';
import { actorIn, eventIn, type RecordedFact } from './recorded-fact.js';

/** How what follows from one order begins. */
export interface Opening {
  /** Null where the log does not say. */
  readonly engine: Engine | null;
  readonly first: RunEvent;
  readonly firstFact: RecordedFact;
  readonly actor: OrderMeta['actor'];
}

export function readOpening(facts: readonly RecordedFact[], state: RunState): Opening {
  const [one, two] = facts;
  if (one === undefined) throw new Error('an order without an event');
  const event = eventIn(one);
  const isChange = event.type === 'EngineChanged' && two !== undefined;
  const [first, firstFact] = isChange ? [eventIn(two), two] : [event, one];
  const engine = event.type === 'EngineChanged' ? event.data.engine : (engineSaidBy(first) ?? engineOfState(state));
  return { engine, first, firstFact, actor: actorIn(tellerIn(facts) ?? firstFact) };
}

function engineSaidBy(event: RunEvent): Engine | null {
  switch (event.type) {
    case 'RunStarted':
      return event.data.engine ?? null;
    case 'RunForked':
    case 'RunRetried':
      return event.data.carry.state.engine ?? null;
    default:
      return null;
  }
}

const engineOfState = (state: RunState): Engine | null => (state.status === 'new' ? null : (state.engine ?? null));

/** What the order is read from. */
export function askedOf(runId: RunId, first: RunEvent, facts: readonly RecordedFact[]): OneOrder {
  return {
    runId,
    first,
    all: facts,
    eventOf: <T extends RunEvent['type']>(type: T) => {
      const fact = facts.find((each) => each.type === type);
      const event = fact === undefined ? null : eventIn(fact);
      return event !== null && isOf(event, type) ? event : null;
    },
  };
}

const isOf = <T extends RunEvent['type']>(event: RunEvent, type: T): event is RunEventOf<T> => event.type === type;
