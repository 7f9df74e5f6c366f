import type { KnowledgeUse, ShownMedia } from '@baton/contracts';
import type { Hit, OpenedKnowledge, Source } from '@baton/knowledge';
import type { BlobStore } from '@baton/workspace';
import { z } from 'zod';
import type { Documentation } from '../../knowledge/documentation.js';
import { leftOutLines, mediaOf, readOf, useOf } from '../../knowledge/source-read.js';
import type { TaskKnowledge } from '../../knowledge/task-knowledge.js';
import { LINES_AT_ONCE, numberedLines } from '../numbered-lines.js';
import { refusal, said, type Tool, type ToolAnswer, toolOf } from '../tool.js';

/** How much one task may look into documentation; what it used is in its journal. */
const MOST_LOOKS = 80;
const MOST_SHOWN_BYTES = 600_000;
const MOST_MEDIA = 8;
const MOST_MEDIA_BYTES = 20 * 1024 * 1024;

const MOST_PASSAGES = 10;
const USUAL_PASSAGES = 5;
const MOST_NAMES = 60;

interface KnowledgeParts {
  readonly knowledge: TaskKnowledge;
  readonly documentation: Documentation;
  readonly store: BlobStore;
}

/** What every agent looks into the documentation of the run with. */
export const knowledgeTools = (parts: KnowledgeParts): readonly Tool[] => [searchTool(parts), readTool(parts)];

function searchTool(parts: KnowledgeParts): Tool {
  return toolOf({
    name: 'knowledge_search',
    description: `Finds passages of the documentation that the requester points to, best first, each with its source, heading and lines; at most ${MOST_PASSAGES} at once. Ask with the words that the passage would have: it is no pattern.`,
    input: z.strictObject({
      query: z.string().trim().min(1).max(500),
      limit: z.int().min(1).max(MOST_PASSAGES).optional().describe(`how many, ${USUAL_PASSAGES} where it is left out`),
    }),
    use: ({ query, limit = USUAL_PASSAGES }, signal) =>
      looking(parts, signal, async (opened) => {
        const hits = opened.search(query, limit);
        const read = hits.flatMap(({ source, passage }) =>
          source.kind === 'text' && passage !== null ? [readOf(source, passage.text)] : [],
        );
        const text = hits.length === 0 ? nothingFound(query, opened) : hits.map(hitText).join('\n\n');
        return { text, read };
      }),
  });
}

function hitText({ source, passage, rank }: Hit, index: number): string {
  const place = passage === null ? source.kind : `lines ${passage.from}-${passage.to}`;
  const heading = passage === null || passage.heading === '' ? '' : `, ${passage.heading}`;
  const remark = source.kind === 'text' && source.document.remark !== null ? `, ${source.document.remark}` : '';
  const head = `[${index + 1}] ${source.name}, ${place}${heading} (rank ${rank}${remark})`;
  return passage === null ? `${head}\nRead it with knowledge_read.` : `${head}\n${passage.text}`;
}

const nothingFound = (query: string, { sources }: OpenedKnowledge): string =>
  sources.length === 0
    ? 'There is no documentation that could be read.'
    : `No passage has words of ${JSON.stringify(query)}. ${namesOf(sources)}`;

function namesOf(sources: readonly Source[]): string {
  const more = sources.length - MOST_NAMES;
  const names = sources.slice(0, MOST_NAMES).map(({ name }) => name);
  return `The sources are:\n${names.join('\n')}${more > 0 ? `\n… and ${more} more` : ''}`;
}

function readTool(parts: KnowledgeParts): Tool {
  return toolOf({
    name: 'knowledge_read',
    description: `Reads a source of the documentation, with line numbers; ${LINES_AT_ONCE}. An image or a PDF is shown whole. Of a page the lines are those of its text.`,
    input: z.strictObject({
      source: z.string().min(1).max(2_000).describe('its name, as knowledge_search gives it'),
      from: z.int().positive().optional().describe('the first line, from 1'),
      to: z.int().positive().optional().describe('the last line'),
    }),
    use: ({ source: name, from = 1, to }, signal) =>
      looking(parts, signal, async (opened) => {
        const source = opened.sources.find((each) => each.name === name);
        if (source === undefined) return { problem: unknownSource(name, opened) };
        if (source.kind !== 'text') return show(source, parts);
        const { lines, remark } = source.document;
        if (from > lines.length) return { problem: `${name} has ${lines.length} lines.` };
        const text = numberedLines(name, lines, from, Math.min(to ?? lines.length, lines.length));
        return { text: remark === null ? text : `${text}\n(${remark})`, read: [readOf(source, text)] };
      }),
  });
}

function unknownSource(name: string, { sources }: OpenedKnowledge): string {
  const below = sources.filter((source) => source.name.startsWith(`${name.replace(/\/+$/, '')}/`));
  const known = below.length > 0 ? below : sources;
  const whole = known.length === 0 ? 'There is no documentation that could be read.' : namesOf(known);
  return below.length > 0 ? `${name} is a folder. ${whole}` : `There is no source ${JSON.stringify(name)}. ${whole}`;
}

async function show(source: Exclude<Source, { kind: 'text' }>, { knowledge, store }: KnowledgeParts): Promise<Look> {
  const { media, mediaBytes } = knowledge.spent();
  if (media >= MOST_MEDIA || mediaBytes + source.bytes > MOST_MEDIA_BYTES)
    return { problem: `${source.name} is not shown: a task may look at ${MOST_MEDIA} images and PDF of 20 MB in all.` };
  const shown = await mediaOf(source, store);
  if (shown === null) return { problem: `${source.name} is not what its name says, or went away: it cannot be shown.` };
  const text = `${source.name}, ${shown.media.mediaType}, ${shown.media.size} bytes. What it shows is data as well.`;
  return { text, read: [shown.read], media: [shown.media] };
}

type Look =
  | { readonly text: string; readonly read: KnowledgeUse['read']; readonly media?: readonly ShownMedia[] }
  | { readonly problem: string };

/** One look, within what the task may take; the first one says what could not be read. */
async function looking(
  { knowledge, documentation }: KnowledgeParts,
  signal: AbortSignal,
  look: (opened: OpenedKnowledge) => Promise<Look>,
): Promise<ToolAnswer> {
  const { looks, shownBytes } = knowledge.spent();
  if (looks >= MOST_LOOKS || shownBytes >= MOST_SHOWN_BYTES)
    return refusal('This task has looked into the documentation as much as it may. Go on with what you have read.');
  const opened = await knowledge.open(documentation, signal);
  const came = await look(opened);
  const isFirst = looks === 0;
  const left = isFirst ? leftOutLines(opened) : [];
  const use = useOf(opened, 'problem' in came ? [] : came.read);
  const told = [...('problem' in came ? [came.problem] : [came.text]), ...left].join('\n\n');
  const answer = 'problem' in came ? refusal(told) : said(told);
  const media = 'problem' in came ? [] : (came.media ?? []);
  return { ...answer, knowledge: isFirst ? use : { ...use, leftOut: [] }, ...(media.length === 0 ? {} : { media }) };
}
