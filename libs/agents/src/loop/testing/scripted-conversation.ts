import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Json, JsonObject } from '@baton/contracts';
import type { CallModel, Journal, ModelRequest } from '@baton/llm';
import { onTestFinished } from 'vitest';

/** A folder with these files, gone after the test. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-loop-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Every file below a folder with its text. */
export function filesIn(folder: string): Readonly<Record<string, string>> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
  return Object.fromEntries(paths.toSorted().map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

/** A journal that keeps what was written first, and a look at it. */
export function journalInMemory(): Journal & { readonly entries: Json[] } {
  const entries: Json[] = [];
  return {
    entries,
    read: async (index) => entries[index] ?? null,
    write: async (index, entry) => {
      entries[index] ??= structuredClone(entry);
    },
  };
}

export interface ScriptedAnswer {
  readonly text?: string;
  readonly calls?: readonly { readonly name: string; readonly input: Json }[];
  readonly stopReason?: string;
}

/** A model that answers by the number of the turn. `asked` holds each request, in order. */
export function scriptedModel(script: (turn: number, request: ModelRequest) => ScriptedAnswer): {
  readonly callModel: CallModel;
  readonly asked: ModelRequest[];
} {
  const asked: ModelRequest[] = [];
  const callModel: CallModel = async (request) => {
    asked.push(structuredClone(request));
    const turn = request.turns?.length ?? 0;
    const { text = '', calls = [], stopReason } = script(turn, request);
    const toolCalls = calls.map((call, index) => ({ id: `call-${turn}-${index}`, ...call }));
    const content: JsonObject[] = [
      ...(text === '' ? [] : [{ type: 'text', text }]),
      ...toolCalls.map((call) => ({ type: 'tool_use', ...call })),
    ];
    return {
      text,
      content,
      toolCalls,
      model: 'claude-sonnet-5-5',
      stopReason: stopReason ?? (calls.length > 0 ? 'tool_use' : 'end_turn'),
      usage: { inputTokens: 100, outputTokens: 10, cacheReadTokens: 0, cacheWriteTokens: 0 },
      requestId: `req-${turn}`,
    };
  };
  return { callModel, asked };
}
