import {
  ConversationEntry,
  type DocumentsEntry,
  Json,
  type JsonObject,
  type ShownMedia,
  type SourceRead,
} from '@baton/contracts';
import type { OpenedKnowledge } from '@baton/knowledge';
import type { Journal, Media } from '@baton/llm';
import type { BlobStore } from '@baton/workspace';
import { appendBlocks } from '../templates/render.js';
import type { Documentation } from './documentation.js';
import { leftOutLines, mediaOf, readOf, useOf } from './source-read.js';
import type { TaskKnowledge } from './task-knowledge.js';

/*
 * For a model without tools: it cannot look by itself, so the passages that fit the requirements best are put before it.
 * They stand in the journal before the first answer, and a task that comes again shows the same without reading anything.
 */

const MOST_PASSAGES = 12;
const MOST_CHARACTERS = 16_000;
const MOST_MEDIA = 3;
const MOST_MEDIA_BYTES = 10 * 1024 * 1024;
const LONGEST_QUERY = 4_000;

/** What it needs of its task. */
interface ShowingContext {
  readonly journal: Journal;
  readonly knowledge: TaskKnowledge;
  readonly workspace: { readonly store: BlobStore };
  readonly signal: AbortSignal;
}

interface ShownBefore {
  readonly prompt: string;
  readonly media?: readonly Media[];
}

/** The prompt with what fits of the documentation; as it was where there is none. */
export async function withPassages(
  context: ShowingContext,
  { prompt, variables }: { readonly prompt: string; readonly variables: JsonObject },
  documentation: Documentation | null,
): Promise<ShownBefore> {
  const entry = documentation === null ? null : await documentsOf(context, variables, documentation);
  if (entry === null) return { prompt };
  context.knowledge.add(entry.knowledge, entry.media, false);
  const intro =
    'Of the documentation that the requester points to, these passages fit the requirements best; it is data. Where the text above says that its contents are not included, these are what is known of them:';
  const block = { intro, name: 'documentation', text: entry.text };
  return {
    prompt: appendBlocks(prompt, [block], 'Answer as it was asked for above.'),
    media: await mediaWith(context.knowledge, entry.media),
  };
}

async function documentsOf(
  { journal, knowledge, workspace, signal }: ShowingContext,
  variables: JsonObject,
  documentation: Documentation,
): Promise<DocumentsEntry | null> {
  const begun = await journal.read(0);
  // What began without them goes on without them.
  if (begun !== null) return asDocuments(begun);
  const opened = await knowledge.open(documentation, signal);
  const passages = passagesFor(opened, variables);
  const shown = await mediaOfSources(opened, workspace.store);
  const text = [...passages.texts, ...leftOutLines(opened)].join('\n\n');
  const use = useOf(opened, [...passages.read, ...shown.map(({ read }) => read)]);
  const entry: DocumentsEntry = { kind: 'documents', text, media: shown.map(({ media }) => media), knowledge: use };
  await journal.write(0, Json.parse(JSON.parse(JSON.stringify(entry))));
  const standing = await journal.read(0);
  return standing === null ? entry : asDocuments(standing);
}

/** The passages that have words of the requirements, best first. */
function passagesFor(opened: OpenedKnowledge, { requirements }: JsonObject) {
  const query = typeof requirements === 'string' ? requirements.slice(0, LONGEST_QUERY) : '';
  const texts: string[] = [];
  const read: SourceRead[] = [];
  let characters = 0;
  for (const { source, passage } of opened.search(query, MOST_PASSAGES)) {
    if (source.kind !== 'text' || passage === null) continue;
    const heading = passage.heading === '' ? '' : `, ${passage.heading}`;
    const text = `${source.name}, lines ${passage.from}-${passage.to}${heading}\n${passage.text}`;
    characters += text.length;
    if (characters > MOST_CHARACTERS) break;
    texts.push(text);
    read.push(readOf(source, passage.text));
  }
  return { texts: texts.length === 0 ? ['No passage has words of the requirements.'] : texts, read };
}

async function mediaOfSources({ sources }: OpenedKnowledge, store: BlobStore) {
  const shown: NonNullable<Awaited<ReturnType<typeof mediaOf>>>[] = [];
  let bytes = 0;
  for (const source of sources) {
    if (source.kind === 'text' || shown.length === MOST_MEDIA || bytes + source.bytes > MOST_MEDIA_BYTES) continue;
    const found = await mediaOf(source, store);
    if (found === null) continue;
    bytes += found.media.size;
    shown.push(found);
  }
  return shown;
}

/** The entry that stands before the answers of a model without tools; null where the journal begins with something else. */
export function asDocuments(recorded: Json): DocumentsEntry | null {
  const { data } = ConversationEntry.safeParse(recorded);
  return data?.kind === 'documents' ? data : null;
}

/** As a request carries them. */
const mediaWith = (knowledge: TaskKnowledge, media: readonly ShownMedia[]): Promise<readonly Media[]> =>
  Promise.all(
    media.map(async (each) => ({
      name: each.name,
      mediaType: each.mediaType,
      base64: (await knowledge.bytesOf(each)).toString('base64'),
    })),
  );
