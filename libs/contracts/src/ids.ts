import { v5 as uuidV5 } from 'uuid';
import { z } from 'zod';
import { placed, type Shard, slotByChance, slotOf, slotWithin } from './shards.js';

/**
 * A run's id: a UUID, chosen by the submitter or derived from the request id. Also the id of its event stream. Read in
 * lower case, as Postgres gives it back: command ids are made from it and compared as text.
 */
export const RunId = z.uuid().toLowerCase();
export type RunId = z.infer<typeof RunId>;

/** The namespace of run ids that are derived from request ids (a random UUID, fixed for ever). */
const REQUEST_NAMESPACE = '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11';

/**
 * The run a request starts when it names none: the same request always means the same run (RFC 9562, version 5).
 *
 * @param shards how many logs there are: of several the id says which one (version 8)
 */
export function runIdOfRequest(requestId: string, shards = 1): RunId {
  const id = uuidV5(requestId, REQUEST_NAMESPACE);
  return shards === 1 ? id : placed(id, slotByChance(id));
}

/** The run that a request starts which a log makes itself, as its schedules do: in that log. */
export function runIdHere(requestId: string, shard: Shard): RunId {
  const id = uuidV5(requestId, REQUEST_NAMESPACE);
  return shard.of === 1 ? id : placed(id, slotWithin(shard, slotByChance(id)));
}

/** The run that a request makes of another, such as a fork: in the same log as that. */
export function runIdBeside(requestId: string, other: RunId): RunId {
  const id = uuidV5(requestId, REQUEST_NAMESPACE);
  const slot = slotOf(other);
  return slot === null ? id : placed(id, slot);
}

/**
 * A command's id: the run id and the ordinal of the command within the run, `<runId>-<n>`, n from 1.
 * Deterministic on purpose: a decision taken twice issues the same id, so the second one changes nothing.
 */
export const CommandId = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-[1-9][0-9]*$/, 'expected <run id>-<ordinal>');
export type CommandId = z.infer<typeof CommandId>;

const RUN_ID_LENGTH = 36;
export const commandIdOf = (runId: RunId, ordinal: number): CommandId => `${runId}-${ordinal}`;

/** The request that begins the child run a command asks for, and so the child's id. */
export const childRequestId = (commandId: CommandId): string => `child:${commandId}`;
export const childRunIdOf = (commandId: CommandId): RunId =>
  runIdBeside(childRequestId(commandId), commandId.slice(0, RUN_ID_LENGTH));

/**
 * BullMQ refuses ':' in a job id and ids of digits only; these have neither. The nonce of a dispatch comes with its task: who
 * does not have the task cannot know which id its result will have, and so not take it first.
 */
export const taskJobId = (commandId: CommandId, dispatchNo: number, nonce?: string): string =>
  `c-${commandId}-${dispatchNo}${nonce === undefined ? '' : `-${nonce}`}`;
export const resultJobId = (commandId: CommandId, dispatchNo: number, nonce?: string): string =>
  `r-${commandId}-${dispatchNo}${nonce === undefined ? '' : `-${nonce}`}`;

/** The job id of a request on `intake`: free of the characters BullMQ refuses, whatever the request id holds. */
export const requestJobId = (requestId: string): string => `q-${runIdOfRequest(requestId)}`;
