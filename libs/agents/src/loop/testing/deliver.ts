import { memoryStore } from '@baton/workspace/testing';
import { z } from 'zod';
import { createLedger } from '../../model/ledger.js';
import { type Asking, mayAsk, NOBODY_TO_ASK } from '../../task/asking.js';
import { openWorkbench, type Workbench } from '../../workbench/workbench.js';
import { type Bounds, DEFAULT_BOUNDS } from '../bounds.js';
import { converse } from '../converse.js';
import { inputSchemaOf, said, type Tool, toolOf } from '../tool.js';
import { askTool } from '../tools/ask.js';
import { changeTools } from '../tools/change.js';
import { finishTool } from '../tools/finish.js';
import { lookTools } from '../tools/look.js';
import {
  filesIn,
  folderWith,
  journalInMemory,
  type ScriptedAnswer,
  type scriptedModel,
} from './scripted-conversation.js';

const Answer = z.object({ notes: z.string() });
const BASE = { 'src/a.ts': 'export const a = 1;\nexport const b = 2;\n', 'README.md': 'A project.\n' };

type Model = ReturnType<typeof scriptedModel>;

interface Given {
  readonly model: Model;
  readonly journal?: ReturnType<typeof journalInMemory>;
  readonly contents?: ReturnType<typeof memoryStore>;
  readonly bounds?: Partial<Bounds>;
  readonly ran?: string[];
  /** Where it may ask: how often, and what it goes on from. */
  readonly asking?: Asking;
  /** What the server says that the model can hold. */
  readonly contextTokens?: number;
  /** Tools beside the usual. */
  readonly more?: (bench: Workbench) => Promise<readonly Tool[]>;
}

/** One delivery of a task: a fresh folder with the base, and whatever the journal holds. */
export async function deliver({
  model,
  journal = journalInMemory(),
  contents = memoryStore(),
  bounds,
  ran = [],
  asking = NOBODY_TO_ASK,
  more = async () => [],
  contextTokens,
}: Given) {
  const folder = folderWith(BASE);
  const bench = openWorkbench(folder, contents);
  const ledger = createLedger();
  const stamp = toolOf({
    name: 'stamp',
    description: 'Appends a line to a file: doing it twice would show.',
    input: z.strictObject({ line: z.string() }),
    use: async ({ line }) => {
      ran.push(line);
      const before = await bench.read('log.txt');
      const text = before.ok ? Buffer.from(before.bytes).toString() : '';
      await bench.write('log.txt', Buffer.from(`${text}${line}\n`));
      return said(`ran ${line}`, await bench.note(['log.txt']));
    },
  });
  const tools = [
    ...lookTools(bench),
    ...changeTools(bench),
    stamp,
    ...(await more(bench)),
    ...(mayAsk(asking) ? [askTool(asking.questions)] : []),
    finishTool({
      answerName: 'Notes',
      inputSchema: inputSchemaOf(Answer),
      take: async (input) => {
        const { success, data } = Answer.safeParse(input);
        if (!success) return { ok: false, problems: ['there are no notes'], changes: [] };
        if (data.notes === 'wrong') return { ok: false, problems: ['the notes are wrong'], changes: [] };
        return { ok: true, answer: data, changes: [] };
      },
    }),
  ];
  const request = {
    agent: 'programmer',
    template: { id: 't', version: '1' },
    model: 'claude-sonnet-5-5',
    system: 'You work.',
    prompt: 'Do it.',
    variables: {},
    output: null,
    maxOutputTokens: 1_000,
    conversationId: 'run',
  };
  let ms = 0;
  const now = (): Date => {
    ms += 5;
    return new Date(ms);
  };
  const ended = await converse(
    {
      callModel: model.callModel,
      ...(contextTokens === undefined ? {} : { contextTokens: async () => contextTokens }),
      ...{ asking, journal, ledger, now },
      count: () => {},
      signal: new AbortController().signal,
    },
    { request, tools, bounds: { ...DEFAULT_BOUNDS, ...bounds }, restore: bench.restore, answerName: 'Notes' },
  );
  const outcome = ended.ok ? { ok: true, value: ended.value.type === 'answered' ? ended.value.answer : null } : ended;
  return { outcome, files: filesIn(folder), spent: ledger.spent() };
}

/** Thirty calls of tools in several answers, changes and a command among them. */
export function longScript(turn: number): ScriptedAnswer {
  const calls = {
    0: [
      { name: 'list', input: {} },
      { name: 'read', input: { path: 'src/a.ts' } },
      { name: 'search', input: { text: 'export' } },
    ],
    1: Array.from({ length: 9 }, (_, n) => ({ name: 'write', input: { path: `src/f${n}.ts`, content: `// ${n}\n` } })),
    2: [
      { name: 'edit', input: { path: 'src/a.ts', old: 'const b = 2', new: 'const b = 3' } },
      { name: 'move', input: { from: 'src/f0.ts', to: 'src/moved.ts' } },
      { name: 'delete', input: { path: 'src/f1.ts' } },
      { name: 'stamp', input: { line: 'first' } },
      { name: 'edit', input: { path: 'src/f2.ts', old: 'not there', new: '' } },
    ],
    3: [
      { name: 'stamp', input: { line: 'second' } },
      { name: 'write', input: { path: 'src/f1.ts', content: '// again\n' } },
      { name: 'read', input: { path: 'src/f1.ts' } },
      { name: 'delete', input: { path: 'README.md' } },
    ],
    4: Array.from({ length: 7 }, (_, n) => ({
      name: 'edit',
      input: { path: `src/f${n + 2}.ts`, old: '//', new: '///' },
    })),
    5: [{ name: 'stamp', input: { line: 'third' } }],
    6: [{ name: 'finish', input: { notes: 'done' } }],
  }[turn];
  return calls === undefined ? {} : { calls };
}
