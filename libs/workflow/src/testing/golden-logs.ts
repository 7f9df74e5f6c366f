import { z } from 'zod';
import approvals from '../../golden/approvals.v1.json?raw';
import asking from '../../golden/asking.v4.json?raw';
import budgets from '../../golden/budgets.v1.json?raw';
import control from '../../golden/control.v1.json?raw';
import decisions from '../../golden/decisions.v1.json?raw';
import named from '../../golden/documents.v6.json?raw';
import recorded from '../../golden/events.v1.json?raw';
import version2 from '../../golden/every.v2.jsonl?raw';
import version3 from '../../golden/every.v3.jsonl?raw';
import version4 from '../../golden/every.v4.jsonl?raw';
import version5 from '../../golden/every.v5.jsonl?raw';
import version6 from '../../golden/every.v6.jsonl?raw';
import version7 from '../../golden/every.v7.jsonl?raw';
import version8 from '../../golden/every.v8.jsonl?raw';
import version9 from '../../golden/every.v9.jsonl?raw';
import forks from '../../golden/forks.v3.json?raw';
import ratings from '../../golden/ratings.v8.json?raw';
import story from '../../golden/story.v2.json?raw';
import turns from '../../golden/turns.v1.json?raw';
import waiters from '../../golden/waiters.v1.json?raw';

/*
 * Logs as they were written once, by the program of their time. They stay as they are for ever: when one of them is not read any
 * more, it is the program that has to, by a step in `upcast`. A new version of an event gets a file of its own.
 */

const Document = z.object({ sha256: z.string(), text: z.string() });
const Run = z.object({
  name: z.string(),
  /** What its events name by its hash, from version 6 on. */
  documents: z.array(Document).default([]),
  events: z.array(z.object({ type: z.string(), schemaVersion: z.int(), data: z.json() })),
  result: z.object({
    status: z.string(),
    output: z.json(),
    error: z.string().nullable(),
    cause: z.string().nullable(),
  }),
});
export type RecordedRun = z.infer<typeof Run>;

const ByHash = z.object({ documents: z.array(Document), runs: z.array(Run) });

const lists = [recorded, control, decisions, approvals, waiters, budgets, story, turns, forks, asking, ratings];
const lines = [version2, version3, version4, version5, version6, version7, version8, version9];

/** Every recorded run there is. Some have the same name, written by programs of different times. */
export function recordedRuns(): readonly RecordedRun[] {
  const byHash = ByHash.parse(JSON.parse(named));
  return [
    ...lists.flatMap((text) => z.array(Run).parse(JSON.parse(text))),
    ...byHash.runs.map((run) => ({ ...run, documents: byHash.documents })),
    ...lines.flatMap((text) => text.split('\n').flatMap((line) => (line === '' ? [] : [Run.parse(JSON.parse(line))]))),
  ];
}
