import type { Client } from '@baton/client';
import type { Actor, Role } from '@baton/contracts';
import { z } from 'zod';

/** Whoever may look: any role. */
export const LOOK = ['viewer', 'submitter', 'approver', 'operator', 'auditor'] as const satisfies readonly Role[];

/** Who asks, and what for. */
export interface Principal {
  readonly actor: Actor;
  readonly roles: readonly Role[];
}

/** What all tools work with: the API of Baton, as whoever asks. */
export interface ToolPorts {
  readonly api: Client;
  readonly principal: Principal;
  /** Where people look at runs, without a slash at its end. */
  readonly dashboardUrl: string;
  /** Whether the principal may decide about runs that it submitted itself. */
  readonly mayDecideOwnRuns: boolean;
}

/** One call. */
export interface Call {
  /** Aborted when the client gives up on it. */
  readonly signal: AbortSignal;
  /** How the client calls itself, which nobody vouches for; null where it does not say. */
  readonly clientName: string | null;
}

/** What a tool gives: the value of its schema, a sentence or two, and where a person sees the same. */
export interface Given<V> {
  readonly value: V;
  readonly text: string;
  /** A path of the dashboard. */
  readonly page?: string | undefined;
}

interface ToolParts<I extends z.ZodObject, O extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: I;
  readonly output: O;
  /** What it asks of the API: whoever may not take that route is not offered the tool. */
  readonly route: string;
  /** The roles that open it. */
  readonly roles: readonly Role[];
  /** Whether an admin is offered it, too. */
  readonly isForAdmins?: boolean;
  /** `changes`: adds to what there is. `ends`: takes something away that does not come back. */
  readonly effect: 'looks' | 'changes' | 'ends';
  /** Whether done twice it is as done once, without an id of the caller's; whatever looks only is. */
  readonly isIdempotent?: boolean;
  /** Whether an answer may be long in coming because nothing happens: so long the request is held. */
  readonly mayWait?: boolean;
  readonly run: (ports: ToolPorts, args: z.output<I>, call: Call) => Promise<Given<z.input<O>>>;
}

/** A tool, whatever it takes and gives. */
export interface Tool
  extends Omit<ToolParts<z.ZodObject, z.ZodObject>, 'run' | 'isForAdmins' | 'isIdempotent' | 'mayWait'> {
  readonly isForAdmins: boolean;
  readonly isIdempotent: boolean;
  readonly mayWait: boolean;
  /** Reads the arguments; what does not fit comes back as an issue. */
  readonly read: (given: unknown) => z.ZodSafeParseResult<unknown>;
  /** @param args as `read` gives them */
  readonly use: (ports: ToolPorts, args: unknown, call: Call) => Promise<Given<Readonly<Record<string, unknown>>>>;
}

export function toolOf<I extends z.ZodObject, O extends z.ZodObject>(parts: ToolParts<I, O>): Tool {
  const { run, isForAdmins = true, isIdempotent = parts.effect === 'looks', mayWait = false, ...rest } = parts;
  return {
    ...rest,
    ...{ isForAdmins, isIdempotent, mayWait },
    read: (given) => parts.input.safeParse(given),
    use: async (ports, args, call) => {
      const { value, ...told } = await run(ports, parts.input.parse(args), call);
      return { ...told, value: parts.output.parse(value) };
    },
  };
}

/** Whether somebody with these roles is offered it. */
export const isOffered = ({ roles, isForAdmins }: Tool, { roles: has }: Principal): boolean =>
  roles.some((role) => has.includes(role)) || (isForAdmins && has.includes('admin'));
