import { z } from 'zod';
import { TemplateId, VariantName } from './intake.js';
import { ToldServer } from './tool-servers.js';

/** SHA-256 (hex) of the text of a template, as its file has it. */
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** One file of a template that can be used, as a service found it at its start. */
const TemplateFound = z.object({
  id: TemplateId,
  variant: VariantName,
  /** How often it is taken beside the other variants; 0 where only runs that name it have it. */
  weight: z.number().nonnegative(),
  version: z.string(),
  sha256: Sha256,
  agent: z.string(),
  output: z.string(),
  title: z.string(),
  /** The folder, and the file in it. */
  layer: z.string(),
  path: z.string(),
  isShipped: z.boolean(),
  /** Whether a later layer has another one of the same name and variant, which is used. */
  isReplaced: z.boolean(),
});

/** A file of a layer that cannot be used, or the layer itself. */
export const TemplateProblem = z.object({
  layer: z.string(),
  path: z.string().nullable(),
  id: z.string().nullable(),
  variant: z.string().nullable(),
  /** What is wrong, and what is used instead. */
  problem: z.string(),
});
export type TemplateProblem = z.infer<typeof TemplateProblem>;

/** What a service says of its templates when it starts, and of the servers whose tools it may use. */
export const TemplateSet = z.object({
  templates: z.array(TemplateFound),
  problems: z.array(TemplateProblem),
  /** Absent where it is of a version that cannot narrow them to what a run leaves. */
  servers: z.array(ToldServer).optional(),
});
export type TemplateSet = z.infer<typeof TemplateSet>;

/** A template as `GET /v1/templates` lists it. `toldAt` is when its service started. */
export const TemplateView = TemplateFound.extend({ toldAt: z.string() });
export type TemplateView = z.infer<typeof TemplateView>;

/** `GET /v1/templates`: by id and variant, what is replaced behind what replaces it. */
export const TemplateList = z.object({ templates: z.array(TemplateView), problems: z.array(TemplateProblem) });
export type TemplateList = z.infer<typeof TemplateList>;

/** `GET /v1/templates/{id}`: every text that a service ever worked with, the newest first. */
export const TemplateHistory = z.object({
  id: z.string(),
  versions: z.array(
    z.object({
      variant: z.string(),
      version: z.string(),
      sha256: Sha256,
      /** When a service first and last started with it. */
      firstAt: z.string(),
      lastAt: z.string(),
      /** `replaced`: a later layer stands over it. `past`: no service has it any more. */
      status: z.enum(['in-use', 'replaced', 'past']),
    }),
  ),
});
export type TemplateHistory = z.infer<typeof TemplateHistory>;

/** `GET /v1/templates/{id}/texts/{sha256}`: the exact text; a unique beginning of the hash is enough. */
export const TemplateText = z.object({
  id: z.string(),
  variant: z.string(),
  version: z.string(),
  sha256: Sha256,
  text: z.string(),
});
export type TemplateText = z.infer<typeof TemplateText>;
