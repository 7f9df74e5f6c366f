import type { z } from 'zod';

/** The headers of requests that some operations understand; what they mean stands in `headers.ts`. */
export type RequestHeader = 'Idempotency-Key' | 'If-Match' | 'If-None-Match' | 'Last-Event-ID' | 'Prefer';

/** The headers of answers; what they mean stands in `headers.ts`. */
export type AnswerHeader = 'ETag' | 'Link' | 'Location' | 'Preference-Applied';

/** What one status brings. */
export interface Answer {
  readonly description: string;
  /** Of the JSON that it is; must be one of the components. Absent: no JSON. */
  readonly schema?: z.ZodType;
  /** Other types that it may be asked for in, and what they hold. */
  readonly texts?: Readonly<Record<string, string>>;
  readonly headers?: readonly AnswerHeader[];
}

/** A body that is no JSON: its media types and what it is. */
interface RawBody {
  readonly types: readonly string[];
  readonly description: string;
}

/** One route as its users see it. */
export interface Operation {
  readonly id: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodObject;
  readonly headers?: readonly RequestHeader[];
  /** JSON, by its schema. */
  readonly body?: z.ZodType;
  /** Whether the body may be left out. */
  readonly isBodyOptional?: boolean;
  /** Beside JSON, or in its place. */
  readonly rawBody?: RawBody;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Statuses of refusals, beside those that every route knows. */
  readonly refusals?: readonly number[];
}

/** By method and path, as the controllers register them. */
export type Operations = Readonly<Record<string, Operation>>;

export const TAGS = {
  runs: 'Submit runs, look at them, and follow what happens in them.',
  steering: 'Change what a run does. All of these are stored and answered with 202; the hub carries them out.',
  approvals: 'Questions to people, and their answers.',
  decisions: 'What was decided, by whom, and what another policy would have done.',
  foresight: 'What runs are expected to take, how good that was, and what was unusual.',
  workflows: 'Workflow documents: those that ship, and those that were published.',
  workspaces: 'Files that runs work on, and lines of versions that several runs share.',
  events: 'The log of all runs, as it is and as it goes on.',
  schedules: 'Runs that are started at certain times.',
  webhooks: 'Endpoints that are told of what happens.',
  notifications: 'Who among people is told of what, where and when.',
  operating: 'Workers, queues, and messages that could not be taken.',
  templates: 'What models are asked with.',
  audit: 'Whether the log is what it was.',
  access: 'Keys of this API, and who was refused.',
  personal: 'Whose data runs hold, and that nobody can read it any more.',
  description: 'This document, and the schemas of the messages on the queues.',
  health: 'Whether the gateway lives and can work, and how it fares.',
} as const;
type Tag = keyof typeof TAGS;
