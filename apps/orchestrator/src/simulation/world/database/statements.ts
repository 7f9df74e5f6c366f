import { append } from './append.js';
import { commandStatements } from './command-statements.js';
import { placeStatements } from './place-statements.js';
import { requestStatements } from './request-statements.js';
import { runStatements } from './run-statements.js';
import type { Statement } from './tables.js';
import { webhookStatements } from './webhook-statements.js';

const STATEMENTS: Readonly<Record<string, Statement>> = {
  'append-batch': append,
  ...commandStatements,
  ...placeStatements,
  ...requestStatements,
  ...runStatements,
  ...webhookStatements,
};

/** Statements that go without a name, by what their text holds. */
const BY_TEXT: readonly (readonly [RegExp, string])[] = [
  [/^select .*"requeued_at" is not null/s, 'letters-to-send'],
  [/^select .*from "baton"\."producer"/s, 'find-producer'],
  [/^select "position" from "baton"\."webhook_cursor"/s, 'read-cursor'],
  [/^select "dead_letter" from "baton"\."webhook_cursor"/s, 'read-letter-cursor'],
  [/^select "anomaly" from "baton"\."webhook_cursor"/s, 'read-anomaly-cursor'],
  [/^select .*from "baton"\."anomaly"/s, 'read-anomalies'],
  [/^update "baton"\."webhook_cursor" set "position"/s, 'move-cursor'],
  [/^select .*"isSettled" from "baton"\."dead_letter"/s, 'read-letters'],
  [/^select .*from "baton"\."event".*"type" in/s, 'read-news'],
  [/^delete from "baton"\."webhook_delivery"/s, 'forget-settled'],
];

const VARIANT = /-(of-age|of-lanes|naming|unseen)| along$/g;

interface Named {
  readonly name: string;
  readonly run: Statement;
}

const found = new Map<string, Named>();

/** A statement by its name, variants under that of what they vary. Whoever asks something new has to say here what it means. */
export function statementOf(name: string | undefined, text: string): Named {
  const seen = found.get(name ?? text);
  if (seen !== undefined) return seen;
  const known = name ?? BY_TEXT.find(([pattern]) => pattern.test(text))?.[1];
  const run = known === undefined ? undefined : STATEMENTS[known.replace(VARIANT, '')];
  if (known === undefined || run === undefined)
    throw new Error(
      `The simulation knows no statement ${name ?? text}: say in apps/orchestrator/src/simulation/world/database what it does.`,
    );
  const named = { name: known, run };
  found.set(name ?? text, named);
  return named;
}
