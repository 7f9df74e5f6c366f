import type { Json, JsonObject } from '@baton/contracts';
import { BatonError, MAX_NESTING, toError } from '@baton/contracts';
import { CallStopped, checkValue, type SchemaFinding, type Stoppable } from '@baton/threads';
import type { WorkflowDocument } from '@baton/workflow';
import { type CheckedDocument, checkDocument, isWithinBounds } from './check-document.js';
import { type ConsideredStanding, considerStanding, type StandingGiven } from './consider-standing.js';
import { parseYaml } from './parse-yaml.js';
import { isQuick, plainSize } from './plain-schema.js';

/**
 * What is done with texts and documents of anybody's. Each of these can take for ever, by intent or by accident, so a
 * service does them where they can be stopped.
 */
export interface Checks {
  /** Reads a workflow document of any provenance and checks all that can be known of it by itself. */
  document(json: unknown): Promise<CheckedDocument>;
  /**
   * Checks a run's input against the workflow's `input` schema (JSON Schema 2020-12; `format` is an annotation). A workflow
   * without one takes any object.
   *
   * @returns what is wrong; empty when the input fits
   */
  input(document: Pick<WorkflowDocument, 'input'>, input: Json): Promise<readonly SchemaFinding[]>;
  /** One YAML document as JSON. @throws BatonError `malformed-yaml`, whose message names line and column where it can */
  yaml(text: string): Promise<unknown>;
  /** What the engine would do from a state of a document, or from a log. Nothing of it is done. */
  consider(given: StandingGiven): Promise<ConsideredStanding>;
}

/** Does it here and now: for tests and for what comes with the program. */
export const CHECKS_IN_PLACE: Checks = {
  document: async (json) => checkDocument(json),
  input: async ({ input: schema }, input) => (schema === undefined ? [] : checkValue(JSON.stringify(schema), input)),
  yaml: async (text) => parseYaml(text),
  consider: considerStanding,
};

/** The module for the threads of a service that has a catalog. Compiled, also for whoever runs from the sources. */
export const CATALOG_THREAD: string = new URL('../dist/thread.js', import.meta.url).href;

/** More time for what was taken once than for what is yet to be taken: a busy machine must not refuse what it published. */
const TIME_TO_PUBLISH_MS = 1_500;
const TIME_TO_CHECK_MS = 3_000;

/** Does it in threads that run `CATALOG_THREAD`. */
export const checksOn = (stoppable: Stoppable): Checks => ({
  document: async (json) => {
    const bounds = isWithinBounds(json);
    if (!bounds.ok) return bounds;
    try {
      return JSON.parse(await stoppable.call('check-document', [JSON.stringify(json)], { timeMs: TIME_TO_PUBLISH_MS }));
    } catch (thrown) {
      const message = `could not be checked: it ${problemOf(thrown)}. Make its input schema and its expressions smaller`;
      return { ok: false, findings: [{ severity: 'error', pointer: '', code: 'schema', message }], partial: null };
    }
  },
  input: async ({ input: schema }, input) => {
    if (schema === undefined) return [];
    const size = sizeOf(schema);
    return size !== null && isQuick(size, input)
      ? checkValue(JSON.stringify(schema), input)
      : checkInput(stoppable, schema, input);
  },
  yaml: async (text) => {
    try {
      return JSON.parse(await stoppable.call('parse-yaml', [text], { timeMs: TIME_TO_PUBLISH_MS }));
    } catch (thrown) {
      const message = thrown instanceof CallStopped ? `reading it ${thrown.message}` : toError(thrown).message;
      throw new BatonError(`It is not YAML that can be read: ${message}.`, {
        code: 'malformed-yaml',
        next: 'Correct the text, or send the document as JSON.',
        cause: thrown,
      });
    }
  },
  consider: async (given) => {
    try {
      return JSON.parse(await stoppable.call('consider', [JSON.stringify(given)], { timeMs: TIME_TO_CHECK_MS }));
    } catch (thrown) {
      const reason = `It could not be considered: that ${problemOf(thrown)}.`;
      return { ok: false, reason, next: 'Make the document, its expressions or the log smaller.', pointer: '' };
    }
  },
});

/** A document is one object for as long as its process runs. */
const sizes = new WeakMap<JsonObject, number | null>();

function sizeOf(schema: JsonObject): number | null {
  const known = sizes.get(schema);
  if (known !== undefined) return known;
  const size = plainSize(schema);
  sizes.set(schema, size);
  return size;
}

async function checkInput(stoppable: Stoppable, schema: JsonObject, input: Json): Promise<readonly SchemaFinding[]> {
  const parts = [JSON.stringify(schema), JSON.stringify(input)];
  try {
    return JSON.parse(await stoppable.call('check-value', parts, { timeMs: TIME_TO_CHECK_MS }));
  } catch (thrown) {
    if (!(thrown instanceof CallStopped)) throw thrown;
    const detail = `could not be checked: that ${thrown.message}. A pattern or uniqueItems of the input schema may be too much for it, or the input is too large`;
    return [{ pointer: '', detail }];
  }
}

const problemOf = (thrown: unknown): string => {
  if (thrown instanceof CallStopped) return thrown.message;
  const { message } = toError(thrown);
  return `is beyond what can be checked (${message.slice(0, 200)}; at most ${MAX_NESTING} levels)`;
};
