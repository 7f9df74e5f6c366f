import type { Json, JsonObject } from '@baton/contracts';

/** One call that was made earlier in the conversation, and what it gave. */
export interface Done {
  readonly tool: string;
  readonly input: Json;
  readonly text: string;
  readonly isError: boolean;
}

/** What comes next: a call, or the answer. */
export type Step =
  | { readonly call: { readonly tool: string; readonly input: JsonObject } }
  | { readonly answer: JsonObject };
