import type { InLine, LineView } from '@baton/event-store';

/**
 * Who of those that wait may begin now. No cap is passed; among those before whom all caps have room it is the turn of the
 * submitter who has the fewest runs under way, and of the most urgent and then the oldest of theirs. So whoever submits ten
 * thousand does not stand before whoever submits one, and nobody gets ahead of others by calling everything urgent.
 *
 * @param inHand those that are let in already and not yet written
 * @param most how many at most
 */
export function letIn(view: LineView, inHand: readonly InLine[], most: number): readonly InLine[] {
  const taken = new Map(view.taken);
  const underWay = new Map(view.underWay);
  const enter = ({ caps, submitter }: InLine): void => {
    for (const cap of caps.keys()) taken.set(cap, (taken.get(cap) ?? 0) + 1);
    underWay.set(submitter, (underWay.get(submitter) ?? 0) + 1);
  };
  for (const one of inHand) enter(one);
  const hasRoom = ({ caps }: InLine): boolean => [...caps].every(([cap, allowed]) => (taken.get(cap) ?? 0) < allowed);
  const lines = [...Map.groupBy(view.heads, ({ line }) => line).values()].map((line) => line.toReversed());
  const chosen: InLine[] = [];
  while (chosen.length < most) {
    let next: { readonly line: InLine[]; readonly head: InLine } | null = null;
    for (const line of lines) {
      const head = line.at(-1);
      // All of a line stand before the same caps: where the first finds no room, none of them does.
      if (head === undefined || !hasRoom(head)) continue;
      if (next === null || isBefore(head, next.head, underWay)) next = { line, head };
    }
    if (next === null) break;
    next.line.pop();
    chosen.push(next.head);
    enter(next.head);
  }
  return chosen;
}

function isBefore(one: InLine, other: InLine, underWay: ReadonlyMap<string, number>): boolean {
  const of = ({ submitter }: InLine): number => underWay.get(submitter) ?? 0;
  return of(one) - of(other) < 0 || (of(one) === of(other) && isOlder(one, other));
}

const isOlder = (one: InLine, other: InLine): boolean =>
  one.priority < other.priority || (one.priority === other.priority && one.since < other.since);
