import { OFFLINE_MODEL } from '@baton/llm';
import type { AskContext } from '../model/exchange.js';

/** The model whose answer the task used. */
export const authorOf = ({ ledger, model }: AskContext): string => ledger.facts().model ?? model;

/** Whether it was the scripted model: asked for as that, and answering as that. */
export const isOffline = (context: AskContext): boolean =>
  context.model === OFFLINE_MODEL && authorOf(context) === OFFLINE_MODEL;

/**
 * Who wrote a deliverable. Several authors are joined by ` and `; `input` stands for files that came with the run.
 * Without a sandbox only that is executed which `offline` alone wrote, so an author is never dropped here.
 */
export function joinAuthors(authors: readonly string[]): string {
  return [...new Set(authors.flatMap((author) => author.split(' and ')))].join(' and ');
}
