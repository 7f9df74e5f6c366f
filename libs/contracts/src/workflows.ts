import { z } from 'zod';
import { Actor } from './intake.js';
import { JsonObject } from './json.js';

/** Something wrong, or doubtful, in a workflow document. `pointer` is a JSON pointer into it, empty for the whole. */
export const WorkflowFinding = z.object({
  /** A document with errors cannot be run; one with warnings can. */
  severity: z.enum(['error', 'warning']),
  pointer: z.string(),
  code: z.string(),
  message: z.string(),
});
export type WorkflowFinding = z.infer<typeof WorkflowFinding>;

/** One version of a workflow. */
export const WorkflowSummary = z.object({
  name: z.string(),
  version: z.string(),
  /** Null where the document cannot be read. */
  title: z.string().nullable(),
  /** SHA-256 (hex) of the document's canonical JSON; it stands in the first event of each of its runs. */
  sha256: z.string(),
  /** `shipped`: a file that the services were started with. */
  source: z.enum(['shipped', 'published']),
  publishedAt: z.string().nullable(),
  publishedBy: Actor.nullable(),
  /** Why this version cannot be run; null where it can. */
  problem: z.string().nullable(),
});
export type WorkflowSummary = z.infer<typeof WorkflowSummary>;

/** `GET /v1/workflows`: by name, newest version first; those with a problem come last. */
export const WorkflowList = z.object({ workflows: z.array(WorkflowSummary) });
export type WorkflowList = z.infer<typeof WorkflowList>;

/** `GET /v1/workflows/{name}` (its newest version) and `/{name}@{version}`. */
export const WorkflowView = WorkflowSummary.extend({ document: JsonObject });
export type WorkflowView = z.infer<typeof WorkflowView>;

/** `POST /v1/workflows`: 201 when it was published now, 200 when the same content was there. `findings` are warnings. */
export const WorkflowPublished = WorkflowSummary.extend({
  status: z.enum(['published', 'unchanged']),
  findings: z.array(WorkflowFinding),
});
export type WorkflowPublished = z.infer<typeof WorkflowPublished>;

/** `POST /v1/workflows/{name}/withdraw` and `/{name}@{version}/withdraw`: the versions that nobody is offered any more. */
export const WorkflowWithdrawn = z.object({ name: z.string(), versions: z.array(z.string()) });
export type WorkflowWithdrawn = z.infer<typeof WorkflowWithdrawn>;

/** `POST /v1/workflows/validate`. */
export const WorkflowValidation = z.object({ valid: z.boolean(), findings: z.array(WorkflowFinding) });
export type WorkflowValidation = z.infer<typeof WorkflowValidation>;
