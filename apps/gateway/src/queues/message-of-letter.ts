import {
  explainIssues,
  intakeMessages,
  isNestedWithin,
  JsonObject,
  MAX_NESTING,
  type MessageSchemas,
  resultMessages,
} from '@baton/contracts';
import type { StoredDeadLetter } from '@baton/event-store';
import { ProblemError } from '../http/problem.js';

const CORRECT = 'Have it sent again, corrected, by whoever sent it.';

/**
 * The message of a letter, where its queue would take it.
 *
 * @throws ProblemError 409 where it was cut, or would be refused the same way
 */
export function messageOfLetter(letter: StoredDeadLetter): JsonObject {
  const { id, source, name, isCut } = letter;
  if (isCut || letter.reason.startsWith('message-too-large: ')) {
    throw new ProblemError(`The message of dead letter ${id} was too large: only the beginning of it is kept.`, {
      status: 409,
      code: 'dead-letter-cut',
      next: 'Have less sent, by whoever sent it: put large material where whoever needs it can read it.',
    });
  }
  const schemas: MessageSchemas = source.startsWith('results-') ? resultMessages : intakeMessages;
  const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  if (schema === undefined) throw unfit(id, `${source} has no message named ${name}`);
  const json = readJson(letter.message);
  if (json === undefined) throw unfit(id, 'it is not JSON');
  if (!isNestedWithin(json)) throw unfit(id, `it is nested deeper than ${MAX_NESTING} levels`);
  const parsed = schema.safeParse(json);
  if (parsed.success) return JsonObject.parse(json);
  const findings = explainIssues(parsed.error, json, schema);
  throw unfit(
    id,
    findings.map(({ path, detail }) => `${path.map(String).join('.') || 'message'}: ${detail}`).join('; '),
  );
}

const unfit = (id: number, why: string): ProblemError =>
  new ProblemError(
    `The message of dead letter ${id} would be refused again: ${why.slice(0, 2_000).replace(/[.?!]?$/, (end) => end || '.')}`,
    {
      status: 409,
      code: 'dead-letter-unfit',
      next: CORRECT,
    },
  );

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
