import type { CommandId, RunId } from '@baton/contracts';

/** The n of `<runId>-<n>`. */
export const commandOrdinal = (commandId: CommandId): number => Number(commandId.slice(commandId.lastIndexOf('-') + 1));

/** The n of `<runId>-d<n>`; 0 for an id of any other form. */
export const decisionOrdinal = (decisionId: string): number => Number(/-d(\d+)$/.exec(decisionId)?.[1] ?? 0);

/** The run a command belongs to: it is part of the command's id. */
export const runIdOf = (commandId: CommandId): RunId => commandId.slice(0, commandId.lastIndexOf('-'));
