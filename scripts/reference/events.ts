import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { code, GENERATED, page, sentence, table } from './markdown.js';
import { MEMBERS, memberRows } from './member-rows.js';
import { Schema } from './schema-words.js';
import { type Block, blocksIn, commentOf } from './source-blocks.js';
import { OF_MEMBERS } from './words.js';

const Recorded = z.object({ type: z.string(), version: z.number(), schema: Schema });
type Recorded = z.infer<typeof Recorded>;

const INTRODUCTION = `# Events

Every fact of a run is one event in the log, and nothing else is: what \`baton run events ID\`, \`GET /v1/runs/{id}/events\` and the dashboard show is what stands there. An event has a \`version\` (its place in its run, from 1), a \`position\` (its place in the whole log), the instant at which it was written, its \`type\`, and \`data\`, which this page describes. The log is only ever appended to; a kind of event may get new members, and older ones are read as they were written ([Replay](../replay.md)).

An instant is a time of the machine that decided, as a fact: nothing reads a clock when a log is read again. A **visit** is one entry into a state, a **frame** one execution of a state machine within the run, a **command** what the hub asked for outside itself ([the words](../../ARCHITECTURE.md)).`;

const TITLES: Readonly<Record<string, string>> = {
  'about-runs.ts': 'The run',
  'about-states.ts': 'States',
  'about-tasks.ts': 'Tasks and timers',
  'about-approvals.ts': 'Approvals',
  'about-decisions.ts': 'Decisions',
};

const titleOf = (file: string): string =>
  TITLES[file] ?? sentence(file.replace(/^about-/, '').replace(/\.ts$/, '')).replace(/\.$/, '');

/** The page about all kinds of events, from the schemas on record and what the sources say of them. */
export function eventsPage(root: string): string {
  const folder = join(root, 'libs/workflow/src/events');
  const recorded = readFileSync(join(root, 'libs/workflow/golden/schemas.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Recorded.parse(JSON.parse(line)));
  const files = readdirSync(folder).filter((name) => name.startsWith('about-') && !name.includes('.spec.'));
  const known = Object.keys(TITLES).filter((name) => files.includes(name));
  const ordered = [...known, ...files.filter((name) => !known.includes(name)).toSorted()];
  const parts = ordered.flatMap((file) => {
    const blocks = blocksIn(readFileSync(join(folder, file), 'utf8'));
    const kinds = [...blocks.values()].filter(({ name }) => recorded.some(({ type }) => type === name));
    return kinds.length === 0 ? [] : [`## ${titleOf(file)}`, ...kinds.map((block) => section(block, blocks, recorded))];
  });
  return page([GENERATED, INTRODUCTION, ...parts]);
}

function section(block: Block, blocks: ReadonlyMap<string, Block>, recorded: readonly Recorded[]): string {
  const own = recorded.filter(({ type }) => type === block.name);
  const newest = own.reduce((best, each) => (each.version > best.version ? each : best));
  const rows = memberRows(newest.schema, {
    depth: 2,
    comment: (path) => commentOf(blocks, block.name, path) || (OF_MEMBERS[path] ?? ''),
  });
  const shown = rows.filter(([path = '']) => !/`(document|carry)\./.test(path));
  const versions = own.map(({ version }) => version).toSorted((a, b) => a - b);
  const since = (versions[0] ?? 1) > 1 ? `Written since version ${versions[0]} of the event format.` : '';
  const text = [sentence(block.comment), since].filter((each) => each !== '').join(' ');
  return page([
    `### ${block.name}`,
    text,
    table(MEMBERS, shown),
    rows.length === 0 ? `${code('data')} is empty.` : '',
  ]).trim();
}
