import type { Schemas } from '../../../api/api.js';

type Detail = Pick<Schemas['RunDetail'], 'work' | 'lost' | 'done'>;
export type Delivery = Schemas['RunDetail']['done'][number];
type Work = Schemas['RunDetail']['work'][number];

/** What workers said of a command. */
export interface Deliveries {
  /** Oldest first. */
  readonly all: readonly Delivery[];
  /** There while the run waits for it. */
  readonly work: Work | null;
}

/** By command. Known are the hundred oldest that are waited for and the newest hundred that are done. */
export function deliveriesOf({ work, lost, done }: Detail): ReadonlyMap<string, Deliveries> {
  const known = new Map<string, { all: Delivery[]; work: Work | null }>();
  const of = (commandId: string) => {
    const there = known.get(commandId) ?? { all: [], work: null };
    known.set(commandId, there);
    return there;
  };
  for (const each of work) {
    const there = of(each.commandId);
    there.work = each;
    there.all.push(...each.deliveries);
  }
  const isThere = ({ all }: { readonly all: readonly Delivery[] }, { workerId, begunAt }: Delivery): boolean =>
    all.some((each) => each.workerId === workerId && each.begunAt === begunAt);
  for (const each of [...lost, ...done]) {
    const there = of(each.commandId);
    if (!isThere(there, each)) there.all.push(each);
  }
  for (const { all } of known.values()) all.sort((a, b) => Date.parse(a.begunAt) - Date.parse(b.begunAt));
  return known;
}

/** When the first worker took a command: null, none has; undefined, nobody knows. */
export function takenMs(known: ReadonlyMap<string, Deliveries>, commandId: string): number | null | undefined {
  const there = known.get(commandId);
  if (there === undefined) return undefined;
  const first = there.all[0];
  return first === undefined ? null : Date.parse(first.begunAt);
}
