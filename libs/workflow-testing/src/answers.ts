import { ApprovalAnswer, BatonError, Json, Role } from '@baton/contracts';
import { z } from 'zod';

const when = {
  /** How long the answer takes: the clock of the test moves on by so much. */
  afterSeconds: z.number().nonnegative().max(99_999_999).optional(),
};

/** What a worker or a child run gives back, or the data of a signal. */
const Output = z.strictObject({ output: Json, ...when });

/** How a worker or a child run fails. `retryable: false` passes by every retrier. */
const Failure = z.strictObject({
  error: z.string().min(1),
  cause: z.string().default(''),
  retryable: z.boolean().default(true),
  ...when,
});

/** Nobody answers until the time of the state is up; `heartbeat`: its worker shows no sign of life. */
const Silence = z.strictObject({ timeout: z.union([z.literal(true), z.literal('heartbeat')]) });

/** What a person says to an approval. */
const Decision = z.strictObject({
  decision: ApprovalAnswer,
  comment: z.string().default(''),
  /** Who answers. */
  by: z.string().min(1).default('tester'),
  roles: z.array(Role).readonly().default(['approver']),
  ...when,
});

/** One thing that a state gets from outside. */
export const Answer = z.union([Output, Failure, Silence, Decision]);
export type Answer = z.infer<typeof Answer>;

/**
 * What each state gets from outside, by its name: a list is used up in order, one answer alone is given every time. Waits
 * need none.
 */
export const Answers = z.record(z.string(), z.union([z.array(Answer), Answer]));
export type Answers = z.infer<typeof Answers>;

/** As a test writes them: what has a default may be left out. */
export type AnswersInput = Readonly<Record<string, z.input<typeof Answer> | readonly z.input<typeof Answer>[]>>;

/** @throws BatonError `answers-unreadable` for what is no set of answers */
export function parseAnswers(answers: unknown): Answers {
  const parsed = Answers.safeParse(answers);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = issue === undefined || issue.path.length === 0 ? 'The answers' : `The answer at ${issue.path.join('.')}`;
  throw new BatonError(`${at} cannot be understood.`, {
    code: 'answers-unreadable',
    next: 'An answer is { output }, { error, cause }, { timeout: true } or { decision, comment, by }, with afterSeconds where it takes time; several are a list.',
    cause: parsed.error,
  });
}

/** The answers of a test, and how many of each list are used up. */
export interface Script {
  /** The next answer of a state; null where there is none, or none any more. */
  next(state: string): Answer | null;
  take(state: string): void;
  /** States with answers that nobody asked for, and how many of them. */
  left(): readonly { readonly state: string; readonly answers: number }[];
}

export function scriptOf(answers: Answers): Script {
  const used = new Map<string, number>();
  const given = new Map(Object.entries(answers));
  const usedBy = (state: string): number => used.get(state) ?? 0;
  return {
    next: (state) => {
      const own = given.get(state);
      return (Array.isArray(own) ? own[usedBy(state)] : own) ?? null;
    },
    take: (state) => void used.set(state, usedBy(state) + 1),
    left: () =>
      [...given].flatMap(([state, own]) => {
        const left = (Array.isArray(own) ? own.length : 1) - usedBy(state);
        return left > 0 ? [{ state, answers: left }] : [];
      }),
  };
}
