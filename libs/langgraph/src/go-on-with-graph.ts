import { TaskQuestion, TerminalError } from '@baton/contracts';
import type { HandleContext } from '@baton/worker';
import { Command } from '@langchain/langgraph';
import { type CheckpointTuple, INTERRUPT, WRITES_IDX_MAP } from '@langchain/langgraph-checkpoint';
import { z } from 'zod';
import { BatonCheckpointSaver } from './baton-checkpoint-saver.js';
import { journalStore } from './journal-store.js';

/** Of a graph that was compiled what is needed here. */
export interface Graph<Input, Output> {
  // As a method, which takes a narrower Command, too: that of a graph names its nodes.
  invoke(input: Input | Command | null, config: GraphConfig): Promise<Output>;
  readonly getState: (config: Pick<GraphConfig, 'configurable'>) => Promise<{
    /** The nodes that come next. */
    readonly next: readonly string[];
  }>;
}

interface GraphConfig {
  readonly configurable: { readonly thread_id: string };
  readonly durability: 'sync';
  readonly signal: AbortSignal;
  readonly recursionLimit: number;
}

export interface GraphWork<Input, Output> {
  /** Compiles the graph: `(checkpointer) => builder.compile({ checkpointer })`. */
  readonly graph: (checkpointer: BatonCheckpointSaver) => Graph<Input, Output>;
  readonly input: Input;
  readonly context: Pick<HandleContext, 'blobs' | 'conversation' | 'heartbeat' | 'signal'>;
  /** How many steps it may take; 25 where it is left out, as in LangGraph. */
  readonly mostSteps?: number;
}

/**
 * Does a task with a graph. Each of its steps is in the journal of the task before the next one begins: a task that is delivered
 * again goes on behind the last of them, and only the nodes that were under way run once more. What the graph interrupts itself for
 * is a question to a person: the task ends with it, and `interrupt` gives the TaskAnswer in the task that goes on.
 */
export async function goOnWithGraph<Input, Output>({
  graph: compiled,
  input,
  context: { blobs, conversation, heartbeat, signal },
  mostSteps = 25,
}: GraphWork<Input, Output>): Promise<Output> {
  const store = journalStore(conversation.journal, blobs);
  const onStep = ({ step }: { readonly step: number }): void => heartbeat(`step ${step} of the graph is kept`);
  const checkpointer = new BatonCheckpointSaver({ store, blobs, onStep });
  const graph = compiled(checkpointer);
  const configurable = { thread_id: conversation.begunBy };
  const config: GraphConfig = { configurable, durability: 'sync', signal, recursionLimit: mostSteps };

  const askFor = async ([first]: readonly OpenInterrupt[]): Promise<void> => {
    if (first === undefined) return;
    await store.noteAsked(first.id);
    conversation.ask(questionOf(first.value));
  };

  const begun = await checkpointer.getTuple({ configurable });
  const open = openInterruptsIn(begun);
  const answered = conversation.answer === undefined ? null : await store.lastAsked(conversation.before);
  const isAnswered = open.some(({ id }) => id === answered);
  if (!isAnswered) await askFor(open);
  const resume = isAnswered && answered !== null ? { [answered]: conversation.answer } : null;
  const given = resume !== null ? new Command({ resume }) : begun !== undefined ? null : input;
  const output = await graph.invoke(given, config);
  await askFor(openInterruptsIn(await checkpointer.getTuple({ configurable })));
  const { next } = await graph.getState({ configurable });
  if (next.length === 0) return output;
  throw new TerminalError(`The graph stopped in front of ${next.join(', ')}.`, {
    code: 'graph-stopped',
    next: 'Let it use `interrupt` where a person is to be asked, and nothing else that stops it.',
  });
}

const Interrupt = z.object({ id: z.string(), value: z.unknown() });
type OpenInterrupt = z.infer<typeof Interrupt>;

/** What waits for an answer. A node that had its answer and is done keeps its interrupt for as long as another of its step is not. */
function openInterruptsIn(tuple: CheckpointTuple | undefined): readonly OpenInterrupt[] {
  const writes = tuple?.pendingWrites ?? [];
  const done = new Set(writes.flatMap(([task, channel]) => (Object.hasOwn(WRITES_IDX_MAP, channel) ? [] : [task])));
  return writes.flatMap(([task, channel, value]) =>
    channel === INTERRUPT && !done.has(task) ? z.array(Interrupt).parse([value].flat()) : [],
  );
}

/** What a graph gives to `interrupt`: a question with choices, or a text; anything else is shown as JSON. */
function questionOf(value: unknown): TaskQuestion {
  const question = TaskQuestion.safeParse(value);
  if (question.success) return question.data;
  const text = typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? 'The graph asks.');
  return { text: text === '' ? 'The graph asks.' : text.slice(0, 4_000) };
}
