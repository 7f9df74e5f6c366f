import type { Json } from '@baton/contracts';
import { canonicalJson } from '../canonical-json.js';
import { toStore } from '../events/named-document.js';
import type { RunEvent } from '../events/run-event.js';
import { upcast } from '../events/upcast.js';
import { placesThatDiffer, type ShownEvent } from './difference.js';
import { dataIn, type RecordedFact } from './recorded-fact.js';

/** From this version on, what is written is what `toStore` gives today. */
const SINCE = 7;

/** Whether a row holds the very event. The same text is the same event; another text may be, with its members in another order. */
export function isRecorded(decided: RunEvent, fact: RecordedFact): boolean {
  if (decided.type !== fact.type) return false;
  const event = withMeasured(decided, fact);
  if (JSON.stringify(toStore(event).data) === fact.dataText) return true;
  return canonicalJson(shown(event, fact).data) === canonicalJson(shownFact(fact).data);
}

/** How long the hub took over a decision nobody can measure again. */
function withMeasured(event: RunEvent, fact: RecordedFact): RunEvent {
  if (event.type !== 'DecisionMade' || fact.type !== 'DecisionMade') return event;
  const recorded = upcast(fact.type, fact.schemaVersion, JSON.parse(fact.dataText));
  if (recorded.type !== 'DecisionMade') return event;
  const { latencyMs } = recorded.data.decision;
  return { ...event, data: { decision: { ...event.data.decision, latencyMs } } };
}

/** The row as it is compared: as it stands, and lifted to today where it is older. */
export function shownFact(fact: RecordedFact): ShownEvent {
  if (fact.schemaVersion >= SINCE) return { type: fact.type, data: dataIn(fact) };
  return {
    type: fact.type,
    data: plain(upcast(fact.type, fact.schemaVersion, JSON.parse(fact.dataText), fact.document).data),
  };
}

/** An event as it would be compared with the row. */
export const shown = (event: RunEvent, fact: RecordedFact | undefined): ShownEvent => ({
  type: event.type,
  data: plain(fact === undefined || fact.schemaVersion >= SINCE ? toStore(event).data : event.data),
});

/** In words, what of the two is not the same. */
export function whatDiffers(decided: ShownEvent, recorded: ShownEvent): string {
  if (decided.type !== recorded.type) return `the log has a ${recorded.type}, and a ${decided.type} is decided`;
  return `the log has another ${recorded.type} than is decided, at ${placesThatDiffer(decided.data, recorded.data).join(', ')}`;
}

const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value));
