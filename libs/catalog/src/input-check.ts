import { BatonError, type Json, type JsonObject, toError } from '@baton/contracts';
import type { WorkflowDocument } from '@baton/workflow';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';

/** One thing wrong with an input: `pointer` is a JSON pointer into it, empty for the whole; `detail` completes "It …". */
export interface InputFinding {
  readonly pointer: string;
  readonly detail: string;
}

/** Compiling a schema costs milliseconds; a document is one object for as long as its process runs. */
const validators = new WeakMap<WorkflowDocument, ValidateFunction>();

/**
 * Checks the `input` schema itself, which must be a JSON Schema of draft 2020-12.
 *
 * @returns what is wrong with it, by pointers into the schema; empty when it can be used.
 */
export function checkInputSchema({ input }: WorkflowDocument): readonly InputFinding[] {
  if (input === undefined) return [];
  const ajv = newAjv();
  try {
    if (ajv.validateSchema(input) !== true) {
      // What fails every part of an anyOf is reported for each of them; that the whole failed adds nothing.
      return unique((ajv.errors ?? []).filter(({ keyword }) => keyword !== 'anyOf').map(toFinding));
    }
    ajv.compile({ ...input });
    return [];
  } catch (thrown) {
    return [{ pointer: '', detail: `is not a schema that can be used: ${toError(thrown).message}` }];
  }
}

/**
 * Checks a run's input against the workflow's `input` schema (JSON Schema 2020-12; `format` is an annotation).
 * A workflow without one takes any object.
 *
 * @returns every finding; empty when the input fits.
 * @throws BatonError `workflow-invalid` when the schema itself is not one; a catalog holds no such document.
 */
export function checkInput(document: WorkflowDocument, input: Json): readonly InputFinding[] {
  if (document.input === undefined) return [];
  const validate = validators.get(document) ?? compile(document, document.input);
  validators.set(document, validate);
  return validate(input) ? [] : unique((validate.errors ?? []).map(toFinding));
}

function compile(document: WorkflowDocument, schema: JsonObject): ValidateFunction {
  try {
    return newAjv().compile({ ...schema });
  } catch (thrown) {
    const error = toError(thrown);
    throw new BatonError(
      `The input schema of workflow ${document.name}@${document.version} is not valid: ${error.message}.`,
      {
        code: 'workflow-invalid',
        next: 'Correct /input of the document; it must be a JSON Schema of draft 2020-12.',
        cause: error,
      },
    );
  }
}

/** A fresh one each time: two workflows may use the same `$id`. */
const newAjv = (): Ajv2020 => new Ajv2020({ allErrors: true, strict: false, validateFormats: false, logger: false });

/** Points at the property that is missing or too much, not at the object around it. */
function toFinding({ keyword, instancePath, params, message }: ErrorObject): InputFinding {
  const below = (name: unknown): string =>
    `${instancePath}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  switch (keyword) {
    case 'required':
      return { pointer: below(params.missingProperty), detail: 'is required' };
    case 'additionalProperties':
      return { pointer: below(params.additionalProperty), detail: 'is not a known property' };
    case 'unevaluatedProperties':
      return { pointer: below(params.unevaluatedProperty), detail: 'is not a known property' };
    case 'enum':
      return { pointer: instancePath, detail: `must be one of ${JSON.stringify(params.allowedValues)}` };
    case 'const':
      return { pointer: instancePath, detail: `must be ${JSON.stringify(params.allowedValue)}` };
    default:
      return { pointer: instancePath, detail: message ?? `fails ${keyword}` };
  }
}

function unique(findings: readonly InputFinding[]): readonly InputFinding[] {
  return [...new Map(findings.map((finding) => [`${finding.pointer} ${finding.detail}`, finding])).values()];
}
