import { BatonError, storableText } from '@baton/contracts';
import { eventHash } from '@baton/proof';
import type { AppendItem, Conflict, NewCommand, NewEvent } from './batch.js';
import type { Lane } from './lanes.js';

/**
 * The item as Postgres will give it back: the hash of an event covers what is read, so ids, times and texts take their
 * stored form before it is computed. A command that the item itself settles drops out; one that is moved is settled and
 * issued.
 */
export function storableItem(item: AppendItem): AppendItem {
  const issued = new Set(item.commands.filter(({ isMoved }) => isMoved !== true).map(({ commandId }) => commandId));
  const settled = new Set(item.consume);
  return {
    ...item,
    runId: item.runId.toLowerCase(),
    events: item.events.map(storableEvent),
    consume: [...settled].filter((commandId) => !issued.has(commandId)),
    requests: [...new Set(item.requests.map(storableText))],
    ...(item.unseen === undefined
      ? {}
      : { unseen: item.unseen.map((one) => ({ ...one, requestId: storableText(one.requestId) })) }),
    commands: item.commands
      .filter(({ commandId, isMoved }) => isMoved === true || !settled.has(commandId))
      .map(storableCommand),
  };
}

const storableEvent = (event: NewEvent): NewEvent => ({
  ...event,
  eventId: event.eventId.toLowerCase(),
  type: storableText(event.type),
  causationId: event.causationId === null ? null : storableText(event.causationId),
  correlationId: event.correlationId === null ? null : storableText(event.correlationId),
  recordedAt: instant(event.recordedAt),
});

const storableCommand = (command: NewCommand): NewCommand => ({
  ...command,
  notBefore: command.notBefore === null ? null : instant(command.notBefore),
  deadline: command.deadline === null ? null : instant(command.deadline),
});

function instant(text: string): string {
  const time = new Date(text);
  const iso = Number.isNaN(time.getTime()) ? '' : time.toISOString();
  if (/^\d{4}-/.test(iso)) return iso;
  throw new BatonError(`"${text}" is not a time.`, {
    code: 'invalid-append',
    next: 'Give RFC 3339 with a year of four digits.',
  });
}

/** A token or request that an earlier item of the batch has already: the later item loses, as if it had come later. */
export function repeatedKeys(items: readonly AppendItem[]): readonly Conflict[] {
  const commands = new Set<string>();
  const requests = new Set<string>();
  return items.flatMap(({ consume, requests: own }, index): Conflict[] => {
    const conflicts: Conflict[] = [
      ...consume.filter((key) => commands.has(key)).map((key) => ({ index, reason: 'command-gone' as const, key })),
      ...own.filter((key) => requests.has(key)).map((key) => ({ index, reason: 'request-seen' as const, key })),
    ];
    for (const key of consume) commands.add(key);
    for (const key of own) requests.add(key);
    return conflicts;
  });
}

/** The arrays of `append_batch`, in its order. Items are numbered from 1 there. */
export function appendArguments(lane: Lane, dispatchedSeq: number, items: readonly AppendItem[]): readonly unknown[] {
  let offset = 0;
  const extents = items.map(({ events }) => {
    const extent = { first: offset + 1, last: offset + events.length };
    offset += events.length;
    return extent;
  });
  const consumed = items.flatMap(({ consume }, n) => consume.map((commandId) => ({ item: n + 1, commandId })));
  const requests = items.flatMap(({ requests }, n) => requests.map((requestId) => ({ item: n + 1, requestId })));
  const events = items.flatMap((item) =>
    item.events.map((event, n) => toLeaf(item.runId, event, item.expectedVersion + n + 1)),
  );
  const commands = items.flatMap(({ runId, commands }) => commands.map((command) => ({ runId, ...command })));
  return [
    lane.lane,
    lane.fence,
    dispatchedSeq,
    items.map(({ runId }) => runId),
    items.map(({ expectedVersion }) => expectedVersion),
    items.map(({ expectedVersion, events }) => expectedVersion + events.length),
    items.map(({ ended }) => (ended ? 1 : 0)),
    extents.map(({ first }) => first),
    extents.map(({ last }) => last),
    items.map(({ parentCommand }) => parentCommand),
    consumed.map(({ item }) => item),
    consumed.map(({ commandId }) => commandId),
    requests.map(({ item }) => item),
    requests.map(({ requestId }) => requestId),
    events.map(({ runId }) => runId),
    events.map(({ version }) => version),
    events.map(({ type }) => type),
    events.map(({ schemaVersion }) => schemaVersion),
    events.map(({ eventId }) => eventId),
    events.map(({ causationId }) => causationId),
    events.map(({ correlationId }) => correlationId),
    events.map(({ recordedAt }) => recordedAt),
    events.map(({ actorText }) => actorText),
    events.map(({ dataText }) => dataText),
    events.map(eventHash),
    commands.map(({ commandId }) => commandId),
    commands.map(({ runId }) => runId),
    commands.map(({ queue }) => queue),
    commands.map(({ name }) => name),
    commands.map(({ message }) => JSON.stringify(message)),
    commands.map(({ priority }) => priority),
    commands.map(({ notBefore }) => notBefore),
    commands.map(({ deadline }) => deadline),
    commands.map(({ heartbeatSeconds }) => heartbeatSeconds),
  ];
}

const toLeaf = (runId: string, event: NewEvent, version: number) => ({
  runId,
  version,
  type: event.type,
  schemaVersion: event.schemaVersion,
  eventId: event.eventId,
  causationId: event.causationId,
  correlationId: event.correlationId,
  recordedAt: event.recordedAt,
  actorText: JSON.stringify(event.actor),
  dataText: event.dataText ?? JSON.stringify(event.data),
});
