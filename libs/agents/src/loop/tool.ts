import type { FileChange, Json, KnowledgeUse, ShownMedia, TaskQuestion } from '@baton/contracts';
import type { ToolDefinition } from '@baton/llm';
import { z } from 'zod';
import { describeIssues } from '../task/problems.js';

/** What a tool tells the model. Expected failures are texts, too: the model reads them and goes on. */
export interface ToolAnswer {
  readonly text: string;
  readonly isError: boolean;
  readonly changes: readonly FileChange[];
  /** The answer of the task, where the tool took it. */
  readonly answer?: Json;
  /** A question to a person: the task ends with it, and another goes on with the answer. */
  readonly asks?: TaskQuestion;
  /** What is shown beside the text. */
  readonly media?: readonly ShownMedia[];
  /** What of the documentation it read. */
  readonly knowledge?: KnowledgeUse;
}

/** Something the model may do. */
export interface Tool {
  readonly definition: ToolDefinition;
  /** Whether what it brings in is text of others: shown as data, between marks. */
  readonly bringsData: boolean;
  /**
   * Where others answer the calls of this tool: what is wrong with an input. A call whose input fits ends the task, and its
   * answer comes with the next one.
   */
  readonly problemsOf?: (input: Json) => Promise<readonly string[]>;
  /** Throws only on an abort by `signal`, a lost database or a bug. */
  readonly use: (input: Json, signal: AbortSignal) => Promise<ToolAnswer>;
}

interface ToolParts<S extends z.ZodType> {
  readonly name: string;
  readonly description: string;
  readonly input: S;
  readonly bringsData?: boolean;
  readonly use: (input: z.output<S>, signal: AbortSignal) => ToolAnswer | Promise<ToolAnswer>;
}

/** A tool whose input is checked before it sees it. */
export function toolOf<S extends z.ZodType>({ name, description, input, bringsData = true, use }: ToolParts<S>): Tool {
  return {
    definition: { name, description, inputSchema: inputSchemaOf(input) },
    bringsData,
    use: async (given, signal) => {
      const parsed = input.safeParse(given);
      if (!parsed.success) return refusal(`The input does not fit: ${describeIssues(parsed.error).join('; ')}.`);
      return use(parsed.data, signal);
    },
  };
}

/** What a model is told of an input. Without `$schema`, which servers refuse or repeat as prose. */
export function inputSchemaOf(input: z.ZodType): ToolDefinition['inputSchema'] {
  const { $schema: _, ...schema } = z.toJSONSchema(input, { io: 'input' });
  return JSON.parse(JSON.stringify(schema));
}

export const said = (text: string, changes: readonly FileChange[] = []): ToolAnswer => ({
  text,
  isError: false,
  changes,
});

export const refusal = (text: string): ToolAnswer => ({ text, isError: true, changes: [] });
