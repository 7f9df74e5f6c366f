import type { WorkflowDocument } from '@baton/workflow';
import type { WorkflowFinding } from './check-document.js';

const MOST_OF_NAME = 100;
const VERSION = /^(0|[1-9]\d{0,8})(\.(0|[1-9]\d{0,8})){2}$/;

/** A published version is found by its number, so there must be one way to write it. */
export function checkIdentity({ name, version }: WorkflowDocument): readonly WorkflowFinding[] {
  const error = (pointer: string, message: string): WorkflowFinding => ({
    severity: 'error',
    pointer,
    code: 'schema',
    message,
  });
  return [
    ...(name.length > MOST_OF_NAME ? [error('/name', `is longer than ${MOST_OF_NAME} characters`)] : []),
    ...(VERSION.test(version)
      ? []
      : [error('/version', 'its numbers have no leading zeros and at most nine digits, as in 1.0.0')]),
  ];
}
