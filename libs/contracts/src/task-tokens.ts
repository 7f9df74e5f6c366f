import { z } from 'zod';
import type { CommandId, RunId } from './ids.js';
import type { Json } from './json.js';

/*
 * The token of a task: `btk.<which command>.<proof>`. Nobody can make one but who knows the key of the hubs, and it is kept nowhere:
 * it is made when the task is sent, and made again when somebody answers with it. In the log, and wherever arguments lie, stands a
 * mark instead of it, which is worth nothing.
 */

export const TaskToken = z
  .string()
  .regex(/^btk\.[\w-]{28}\.[\w-]{43}$/, 'expected the token of a task, as the task came with it');

const ANY_TOKEN = /btk\.[\w-]{28}\.[\w-]{43}/g;

/** What is proven by the second part: see `taskTokens` of the event store. */
export const provenByToken = (commandId: CommandId): string => `task-token/${commandId}`;

export interface ReadTaskToken {
  readonly runId: RunId;
  readonly commandId: CommandId;
  /** In base64url: not looked at here. */
  readonly proof: string;
}

const base64url = (bytes: readonly number[]): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');

const BYTES_OF_RUN = 16;
const BYTES_OF_ORDINAL = 5;

/** @param proof in base64url */
export function taskTokenOf(commandId: CommandId, proof: string): string {
  const at = commandId.lastIndexOf('-');
  const run = commandId.slice(0, at).replaceAll('-', '');
  const ordinal = Number(commandId.slice(at + 1))
    .toString(16)
    .padStart(BYTES_OF_ORDINAL * 2, '0');
  const bytes = (run + ordinal).match(/../g) ?? [];
  return `btk.${base64url(bytes.map((byte) => Number.parseInt(byte, 16)))}.${proof}`;
}

/** Which command a token is for, if it is one; null where the text is none. */
export function readTaskToken(text: string): ReadTaskToken | null {
  if (!TaskToken.safeParse(text).success) return null;
  const [, command = '', proof = ''] = text.split('.');
  const hex = [...atob(command.replaceAll('-', '+').replaceAll('_', '/'))]
    .map((char) => char.charCodeAt(0).toString(16).padStart(2, '0'))
    .join('');
  const [a, b, c, d, e] = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)];
  const ordinal = Number.parseInt(hex.slice(BYTES_OF_RUN * 2), 16);
  if (ordinal === 0) return null;
  const runId = `${a}-${b}-${c}-${d}-${e}`;
  return { runId, commandId: `${runId}-${ordinal}`, proof };
}

/** What stands for the token of a command where it may be read; letters that no address has to escape. */
export const tokenMark = (commandId: CommandId): string => `task-token.${commandId}.mark`;

/** What is given to a task, with its token wherever the mark of that stands. */
export function withTaskToken<T extends Json>(value: T, commandId: CommandId, token: string): T {
  const text = JSON.stringify(value);
  const mark = tokenMark(commandId);
  // Neither has a character that JSON writes otherwise.
  return text.includes(mark) ? JSON.parse(text.replaceAll(mark, token)) : value;
}

/** The text without tokens, which somebody may have sent back in it. */
export const cutTaskTokens = (text: string): string => text.replace(ANY_TOKEN, '[task token]');
