import type { CommandId, JsonObject } from '@baton/contracts';

/** What has to happen outside the log because of an event. */
export type Effect =
  /** A row of the command table: `queue` is null for a timer, which only has a deadline. */
  | {
      readonly type: 'issue';
      readonly commandId: CommandId;
      readonly queue: string | null;
      readonly name: string;
      readonly message: JsonObject;
      readonly priority: number;
      readonly notBefore: string | null;
      readonly deadline: string | null;
      /** How long its worker may be silent; null where it may be. */
      readonly heartbeatSeconds: number | null;
      /** There where the row stands already, and only its deadline changes, or that no queue carries it any more. */
      readonly isMoved?: true;
    }
  /** The command's row goes, whatever is still on its way. */
  | { readonly type: 'consume'; readonly commandId: CommandId };
