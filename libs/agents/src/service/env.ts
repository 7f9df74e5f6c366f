import { resolve } from 'node:path';
import { SandboxSetting } from '@baton/sandbox';
import { type EnvSource, readEnv } from '@baton/service-kit';
import { WorkerEnv } from '@baton/worker';
import { z } from 'zod';
import type { WorkingAgent } from '../create-agents.js';

const AgentEnv = z.object({
  ...WorkerEnv.shape,
  /** Without it the offline model answers. */
  ANTHROPIC_API_KEY: z.string().optional(),
  ANTHROPIC_BASE_URL: z.string().optional(),
  /** `BATON_MODEL_<AGENT>` comes before it. */
  BATON_MODEL: z.string().optional(),
  /** Where secrets lie on this machine: what executes code is shown nothing of these folders. */
  BATON_HOME: z.string().optional(),
  HOME: z.string().optional(),
  BATON_PROMPTS_DIR: z.string().default(resolve(import.meta.dirname, '../../../../prompts')),
});
const ValidatorEnv = AgentEnv.extend({
  /** Without it: bubblewrap where it works, and elsewhere nothing is executed but the offline model's own code. */
  BATON_SANDBOX: SandboxSetting.optional(),
});

export type AgentEnv = z.output<typeof AgentEnv> & Partial<z.output<typeof ValidatorEnv>>;

/** Throws `invalid-environment`. */
export function readAgentEnv(agent: WorkingAgent, source: EnvSource = process.env): AgentEnv {
  const ownModel = source[`BATON_MODEL_${agent.toUpperCase()}`];
  const variables = ownModel === undefined || ownModel === '' ? source : { ...source, BATON_MODEL: ownModel };
  return agent === 'validator' ? readEnv(ValidatorEnv, variables) : readEnv(AgentEnv, variables);
}
