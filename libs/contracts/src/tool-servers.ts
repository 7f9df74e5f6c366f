import { z } from 'zod';

/*
 * The servers whose tools agents may use, by the names that the operators of workers give them, and which of those a run or a
 * step leaves to its agents.
 */

/** No underscore: it parts the name of a server from that of a tool. */
export const ServerName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be a word of small letters, digits and hyphens, at most 20 of them');

/** As a model is told it: what has another name cannot be offered. */
export const ToolName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/, 'must be letters, digits, - and _, at most 40');

/** All tools of a server that the operator allows, or one of them. */
const ServerChoice = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,19}(:[A-Za-z0-9][A-Za-z0-9_-]{0,39})?$/, 'must be of the form server, or server:tool');

/** What the agents of a run may have of the servers of their workers, and no more; of an empty list they have none. */
export const ServerChoices = z.array(ServerChoice).max(100);
export type ServerChoices = z.infer<typeof ServerChoices>;

/** A server as a service says at its start that its operator allows it. */
export const ToldServer = z.object({ name: ServerName, tools: z.union([z.literal('all'), z.array(ToolName)]) });
export type ToldServer = z.infer<typeof ToldServer>;

/** What of a choice is about a server: `all` where it names the server itself, else tools; null where it is not about it. */
export function chosenOf(choices: readonly string[], server: string): 'all' | readonly string[] | null {
  if (choices.includes(server)) return 'all';
  const begin = `${server}:`;
  const tools = choices.filter((each) => each.startsWith(begin)).map((each) => each.slice(begin.length));
  return tools.length === 0 ? null : tools;
}
