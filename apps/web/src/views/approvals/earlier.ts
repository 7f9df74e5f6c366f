import { isJsonObject, type Json, versionsIn } from '@baton/contracts';
import { z } from 'zod';

/*
 * What the work of a question is compared to: what a person was shown the last time in this run, else the version that was
 * made before this one, else the files that the run was given.
 */

export interface Earlier {
  readonly value: Json;
  /** Ends the sentence "Compared to …". */
  readonly what: string;
}

/** Events of the run, in order; only those of the types in EARLIER_TYPES are looked at. */
interface Told {
  readonly type: string;
  readonly data: Json;
}

export const EARLIER_TYPES = ['RunStarted', 'TaskScheduled', 'TaskSucceeded'] as const;

const Scheduled = z.object({ commandId: z.string(), resource: z.string(), arguments: z.json().optional() });
const Succeeded = z.object({ output: z.json() });
const Started = z.object({ input: z.looseObject({ files: z.array(z.json()).min(1) }) });

const ALIKE = 0.5;

type Subject = { readonly name: string; readonly value: Json };
type Rank = 'shown' | 'made' | 'given';

/** Null where there is nothing that it could be compared to. */
export function earlierOf(events: readonly Told[], approvalId: string, subject: Subject): Earlier | null {
  const found: Partial<Record<Rank, Json>> = {};
  for (const event of eventsBefore(events, approvalId)) {
    const brought = broughtBy(event, subject);
    if (brought !== null) found[brought.rank] = brought.value;
  }
  if (found.shown !== undefined) return { value: found.shown, what: 'what was shown the last time' };
  if (found.made !== undefined) return { value: found.made, what: 'the version before it' };
  return found.given === undefined ? null : { value: found.given, what: 'the files that the run was given' };
}

function eventsBefore(events: readonly Told[], approvalId: string): readonly Told[] {
  const asks = events.findIndex(
    ({ type, data }) => type === 'TaskScheduled' && Scheduled.safeParse(data).data?.commandId === approvalId,
  );
  return asks === -1 ? events : events.slice(0, asks);
}

/** The version of the workspace that a person was shown the last time; null where none was. */
export function shownVersion(events: readonly Told[], approvalId: string): string | null {
  const trees = eventsBefore(events, approvalId).flatMap(({ type, data }) => {
    const task = type === 'TaskScheduled' ? Scheduled.safeParse(data).data : undefined;
    const asked = task?.resource === 'baton:approval' ? task.arguments : undefined;
    const versions =
      asked === undefined ? null : (versionsIn(asked) ?? (isJsonObject(asked) ? inCode(asked.code) : null));
    return versions === null ? [] : [versions.tree];
  });
  return trees.at(-1) ?? null;
}

const inCode = (code: Json | undefined): ReturnType<typeof versionsIn> =>
  code === undefined ? null : versionsIn(code);

/** What an event brings that the work can be compared to. */
function broughtBy(
  { type, data }: Told,
  { name, value }: Subject,
): { readonly rank: Rank; readonly value: Json } | null {
  switch (type) {
    case 'RunStarted': {
      const files = name === 'code' ? Started.safeParse(data).data?.input.files : undefined;
      return files === undefined ? null : { rank: 'given', value: { files } };
    }
    case 'TaskSucceeded': {
      const output = Succeeded.safeParse(data).data?.output;
      const isEarlier = output !== undefined && areAlike(output, value) && textOf(output) !== textOf(value);
      return isEarlier ? { rank: 'made', value: output } : null;
    }
    case 'TaskScheduled': {
      const task = Scheduled.safeParse(data).data;
      const parts = task?.resource === 'baton:approval' ? task.arguments : undefined;
      const shown = isJsonObject(parts) ? parts[name] : undefined;
      return shown === undefined ? null : { rank: 'shown', value: shown };
    }
    default:
      return null;
  }
}

const textOf = (value: Json): string => JSON.stringify(value);

/** Two records with at least half of their members in common are versions of the same thing. */
function areAlike(one: Json, other: Json): boolean {
  if (!isJsonObject(one) || !isJsonObject(other)) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  const both = Object.keys(one).filter((name) => Object.hasOwn(other, name));
  return both.length >= names.size * ALIKE;
}

export interface ShownFile {
  readonly path: string;
  readonly content: string;
}

const File = z.looseObject({ path: z.string(), content: z.string() });

/** The files of a value, where it has files with their content. */
export function filesOf(value: Json | undefined): readonly ShownFile[] {
  const files = isJsonObject(value) && Array.isArray(value.files) ? value.files : [];
  return files.flatMap((each) => {
    const parsed = File.safeParse(each);
    return parsed.success ? [{ path: parsed.data.path, content: parsed.data.content }] : [];
  });
}

export interface FilePair {
  readonly path: string;
  readonly kind: 'new' | 'changed' | 'deleted' | 'as before';
  readonly before: string;
  readonly after: string;
}

/** All files of two versions: those that differ first, by their paths. */
export function filePairs(before: readonly ShownFile[], after: readonly ShownFile[]): readonly FilePair[] {
  const were = new Map(before.map(({ path, content }) => [path, content]));
  const are = new Map(after.map(({ path, content }) => [path, content]));
  const paths = [...new Set([...were.keys(), ...are.keys()])].toSorted();
  const pairs = paths.map((path): FilePair => {
    const was = were.get(path);
    const is = are.get(path);
    const kind = was === undefined ? 'new' : is === undefined ? 'deleted' : was === is ? 'as before' : 'changed';
    return { path, kind, before: was ?? '', after: is ?? '' };
  });
  return [...pairs.filter(({ kind }) => kind !== 'as before'), ...pairs.filter(({ kind }) => kind === 'as before')];
}
