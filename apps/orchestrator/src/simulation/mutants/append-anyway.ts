import type { Tables } from '../world/database/tables.js';

/** Places of the arguments of `append_batch`. */
const AT = {
  run: 3,
  expected: 4,
  version: 5,
  consumedItem: 10,
  consumed: 11,
  eventRun: 14,
  eventVersion: 15,
  type: 16,
};

const list = (values: readonly unknown[], at: number): readonly unknown[] => values[at] as readonly unknown[];

/** Items of whatever events. */
export const ofAnyType = (): boolean => true;

/**
 * The values as if their runs had been read just now: versions go on from those that the runs have, and commands that are gone
 * are not asked for. Only items with an event of which `isMeant` is true.
 */
export function withCurrentVersions(
  tables: Tables,
  values: readonly unknown[],
  isMeant: (type: string) => boolean,
): readonly unknown[] {
  const runs = list(values, AT.run).map(String);
  const meant = new Set(
    list(values, AT.eventRun).flatMap((run, n) => (isMeant(String(list(values, AT.type)[n])) ? [String(run)] : [])),
  );
  const shifts = runs.map((run, n) =>
    meant.has(run) ? (tables.stream(run)?.version ?? 0) - Number(list(values, AT.expected)[n]) : 0,
  );
  const shiftOf = (run: unknown): number => shifts[runs.indexOf(String(run))] ?? 0;
  const changed = [...values];
  changed[AT.expected] = list(values, AT.expected).map((version, n) => Number(version) + (shifts[n] ?? 0));
  changed[AT.version] = list(values, AT.version).map((version, n) => Number(version) + (shifts[n] ?? 0));
  changed[AT.eventVersion] = list(values, AT.eventVersion).map(
    (version, n) => Number(version) + shiftOf(list(values, AT.eventRun)[n]),
  );
  const kept = list(values, AT.consumed).map((command, n) => {
    const run = runs[Number(list(values, AT.consumedItem)[n]) - 1] ?? '';
    return !meant.has(run) || tables.commands.has(String(command));
  });
  for (const at of [AT.consumedItem, AT.consumed]) changed[at] = list(values, at).filter((_, n) => kept[n]);
  return changed;
}
