import type { Conversation, ConversationEntry, GraphStep } from '@baton/contracts';
import { formatDuration } from '../durations.js';
import type { Gateway } from '../gateway/gateway.js';
import { formatTable, printable } from '../table.js';
import { sharesOf } from './shares.js';

/** What was said and done for a task. Throws what the gateway answers: not everybody may look. */
export const getConversation = (
  gateway: Gateway,
  runId: string,
  commandId: string,
  signal: AbortSignal,
): Promise<Conversation> =>
  gateway.get('/v1/runs/{id}/conversation', {
    params: { path: { id: runId }, query: { command: commandId } },
    signal,
    timeoutMs: 60_000,
  });

/** One line for each thing that happened, with what it used. */
export function conversationTable({ entries, steps = [] }: Conversation, width: number): readonly string[] {
  if (steps.length > 0)
    return ['', ...formatTable(['STEP', 'FROM', 'CHANGED', 'CHECKPOINT'], steps.map(stepRowOf), width)];
  const calls = new Map(
    entries.flatMap((entry) => (entry.kind === 'answer' ? entry.calls : [])).map((call) => [call.id, call]),
  );
  const rows = entries.map((entry, index) => [String(index), ...rowOf(entry, calls)]);
  return rows.length === 0
    ? []
    : ['', ...formatTable(['#', 'WHO', 'WHAT', 'IN', 'CACHED', 'OUT', 'TIME'], rows, width), ...sharesOf(entries)];
}

const stepRowOf = ({ step, source, namespace, changed, checkpoint }: GraphStep): readonly string[] => [
  namespace === '' ? String(step) : `${namespace} ${step}`,
  source,
  changed.join(' '),
  checkpoint,
];

type Calls = ReadonlyMap<string, { readonly name: string; readonly input: unknown }>;

function rowOf(entry: ConversationEntry, calls: Calls): readonly string[] {
  switch (entry.kind) {
    case 'opening':
      return ['baton', `asks, with ${entry.tools.length === 0 ? 'no tools' : entry.tools.join(' ')}`, '', '', '', ''];
    case 'answer': {
      const called = entry.calls.map(({ name, input }) => `${name}(${argumentOf(input)})`);
      const said = called.length === 0 ? firstLine(entry.text) : called.join(' ');
      const from = entry.cachedFrom === undefined ? '' : `as in ${entry.cachedFrom.commandId}: `;
      return [entry.model, `${from}${said}`, ...usageOf(entry)];
    }
    case 'outcome': {
      const name = calls.get(entry.callId)?.name ?? 'finish';
      const state = entry.heldBack !== undefined ? 'not done: ' : entry.isError ? 'refused: ' : '';
      const changed = entry.changes.length === 0 ? '' : ` [${entry.changes.map(({ path }) => path).join(' ')}]`;
      return [name, `${state}${firstLine(entry.text)}${changed}`, '', '', '', formatDuration(entry.tookMs)];
    }
    case 'documents':
      return ['baton', `shows of the documentation: ${firstLine(entry.text)}`, '', '', '', ''];
    case 'cut':
      return [entry.model, `broke off: ${entry.message}`, ...usageOf(entry)];
    case 'failure':
      return [entry.model, `gave no answer: ${entry.message}`, ...usageOf(entry)];
  }
}

function usageOf({
  usage,
  tookMs,
}: Extract<ConversationEntry, { kind: 'answer' | 'cut' | 'failure' }>): readonly string[] {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  const input = inputTokens + cacheReadTokens + cacheWriteTokens;
  return [String(input), String(cacheReadTokens), String(outputTokens), tookMs === 0 ? '' : formatDuration(tookMs)];
}

/** The argument that tells most: a path, a check, a text; of anything else, its beginning. */
function argumentOf(input: unknown): string {
  if (typeof input !== 'object' || input === null) return '';
  const telling = ['path', 'query', 'source', 'from', 'check', 'text', 'command', 'folder'].flatMap((name) =>
    name in input ? [String(Reflect.get(input, name))] : [],
  );
  return firstLine(telling[0] ?? '').slice(0, 60);
}

const firstLine = (text: string): string => {
  const line = text.split('\n').find((each) => each.trim() !== '' && !each.startsWith('BEGIN DATA')) ?? '';
  return line.trim().slice(0, 200);
};

/** Every word of it. */
export function conversationText({ entries, steps = [], unread }: Conversation): readonly string[] {
  const stepped = steps.map((step) => printable(stepRowOf(step).join('  ')));
  const said = entries.flatMap((entry, index) => [
    '',
    ...[`#${index} ${titleOf(entry)}`, ...bodyOf(entry)].map(printable),
  ]);
  const lines = [...stepped, ...said];
  return unread === 0 ? lines : [...lines, '', `${unread} more are noted in a form that is not known here.`];
}

function titleOf(entry: ConversationEntry): string {
  switch (entry.kind) {
    case 'opening':
      return 'system and prompt';
    case 'answer':
      return `${entry.model} (${entry.stopReason})`;
    case 'outcome':
      return entry.isError ? `outcome of ${entry.callId}, refused` : `outcome of ${entry.callId}`;
    case 'documents':
      return 'passages of the documentation, shown with the prompt';
    case 'cut':
      return `${entry.model} broke off (${entry.stopReason})`;
    case 'failure':
      return `${entry.model} gave no answer (${entry.stopReason})`;
  }
}

function bodyOf(entry: ConversationEntry): readonly string[] {
  switch (entry.kind) {
    case 'opening':
      return [...entry.system.split('\n'), '', ...entry.prompt.split('\n')];
    case 'answer':
      return [
        ...(entry.text === '' ? [] : entry.text.split('\n')),
        ...entry.calls.flatMap(({ id, name, input }) => `${id}: ${name} ${JSON.stringify(input, null, 2)}`.split('\n')),
      ];
    case 'outcome':
    case 'documents':
      return [
        ...entry.text.split('\n'),
        ...(entry.media ?? []).map(({ name, mediaType }) => `[${name}, ${mediaType}]`),
      ];
    case 'cut':
    case 'failure':
      return [entry.message];
  }
}
