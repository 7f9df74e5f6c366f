import { z } from 'zod';

/** What a run was submitted with for its agents. What it was is read for ever, whatever may be submitted later. */
export const AgentsOfRun = z.object({
  model: z.string().optional(),
  templates: z.record(z.string(), z.string()).optional(),
  mcpServers: z.array(z.string()).optional(),
});
export type AgentsOfRun = z.infer<typeof AgentsOfRun>;
