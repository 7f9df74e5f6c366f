import { withStateLanguages } from '@baton/asl';
import { z } from 'zod';
import type { WorkflowDocument } from './workflow-document.js';

/*
 * What query language the states inside a Map or Parallel are in when nothing says so: that of the machine around. It was
 * that of the Map or Parallel itself once, and what was written down then keeps its meaning. The few documents for which
 * both rules differ say by which one they are to be read, wherever they are stored: in `RunStarted`, in a snapshot, and in
 * the table of published workflows. Saying nothing means the old rule, as everything did that was stored before.
 */
export const DefaultLanguage = z.literal('of the machine');
export type DefaultLanguage = z.infer<typeof DefaultLanguage>;

/** A stored document as it was meant: one under the old rule gets the languages of its inner machines written down. */
export function documentAsMeant<D extends Pick<WorkflowDocument, 'definition'>>(
  document: D,
  defaultLanguage: DefaultLanguage | undefined,
): D {
  if (defaultLanguage !== undefined) return document;
  const definition = withStateLanguages(document.definition);
  return definition === document.definition ? document : { ...document, definition };
}

// By document: what many runs name is looked through once, and all of them get the same object.
const meant = new WeakMap<WorkflowDocument, WorkflowDocument>();

/** The same of the document of a run, which is one object for all runs that name it. */
export function documentOfRun(
  document: WorkflowDocument,
  defaultLanguage: DefaultLanguage | undefined,
): WorkflowDocument {
  if (defaultLanguage !== undefined) return document;
  const known = meant.get(document);
  if (known !== undefined) return known;
  const found = documentAsMeant(document, undefined);
  meant.set(document, found);
  return found;
}

/** What is to be stored beside a document, so that it is read by the rule of today. */
export const defaultLanguageOf = (document: WorkflowDocument): { readonly defaultLanguage?: DefaultLanguage } =>
  documentOfRun(document, undefined) === document ? {} : { defaultLanguage: 'of the machine' };
