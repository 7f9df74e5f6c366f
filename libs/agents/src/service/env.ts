import { resolve } from 'node:path';
import { Effort } from '@baton/contracts';
import { parseAllowedHosts } from '@baton/knowledge';
import { PROVIDERS, parseCapabilityOverrides } from '@baton/llm';
import { SandboxSetting } from '@baton/sandbox';
import { CountVariable, type EnvSource, FlagVariable, FoldersVariable, readEnv } from '@baton/service-kit';
import { WorkerEnv } from '@baton/worker';
import { z } from 'zod';
import type { WorkingAgent } from '../create-agents.js';
import { HostList, NetworkEnv } from './network-env.js';

const AgentEnv = z.object({
  ...WorkerEnv.shape,
  BATON_PROVIDER: z.enum(PROVIDERS).optional(),
  /** Without it the offline model answers. */
  ANTHROPIC_API_KEY: z.string().optional(),
  ANTHROPIC_BASE_URL: z.string().optional(),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: z.string().optional(),
  AWS_REGION: z.string().optional(),
  CLOUD_ML_REGION: z.string().optional(),
  ANTHROPIC_VERTEX_PROJECT_ID: z.string().optional(),
  /** `BATON_EFFORT_<AGENT>` comes before it. */
  BATON_EFFORT: Effort.optional(),
  /** What the model's server has and lacks. */
  BATON_MODEL_CAPABILITIES: z.string().transform(parseCapabilityOverrides).optional(),
  /** An answer is given up after so long in which nothing came. */
  BATON_MODEL_SILENCE_MS: CountVariable.optional(),
  /** A file of prices that add to ours or replace them. */
  BATON_PRICES: z.string().optional(),
  /** `BATON_MODEL_<AGENT>` comes before it. */
  BATON_MODEL: z.string().optional(),
  /** A file that names the servers whose tools agents may use. */
  BATON_MCP_SERVERS: z.string().optional(),
  /** Where secrets lie on this machine: what executes code is shown nothing of these folders. */
  BATON_HOME: z.string().optional(),
  HOME: z.string().optional(),
  /** Folders of which documentation may be read; absolute, separated as in PATH. */
  BATON_KNOWLEDGE_ROOTS: FoldersVariable.optional(),
  /** Hosts and prefixes of addresses from which documentation may be fetched. */
  BATON_KNOWLEDGE_HOSTS: z.string().transform(parseAllowedHosts).optional(),
  /** Whether those may have addresses of one's own network. */
  BATON_KNOWLEDGE_ALLOW_PRIVATE: FlagVariable.optional(),
  /** Folders of templates, separated as in PATH: what a later one has is used instead of what an earlier one or Baton has. */
  BATON_PROMPTS_DIR: FoldersVariable,
});

/** The templates that ship. */
export const SHIPPED_PROMPTS = resolve(import.meta.dirname, '../../../../prompts');

const Text = z.string().optional();

/** Those that execute code; the prompt worker where a workflow gives it the tool `run`. */
export const EXECUTING: readonly WorkingAgent[] = ['validator', 'programmer', 'tester', 'prompt'];

const ExecutingEnv = AgentEnv.extend({
  /** Without it: bubblewrap where it works, and elsewhere nothing is executed but the offline model's own code. */
  BATON_SANDBOX: SandboxSetting.optional(),
  /** Where what set-ups made is kept, and how much of it. */
  BATON_SETUP_CACHE: Text,
  BATON_SETUP_CACHE_MB: CountVariable.optional(),
  /** The only hosts that set-ups may reach; without it those that workspaces ask for. */
  BATON_SETUP_HOSTS: HostList.optional(),
  /** Hosts that may have addresses of this machine's own network. */
  BATON_SETUP_OWN_NETWORK: HostList.optional(),
  ...NetworkEnv.shape,
  /** How this machine finds programs. */
  PATH: Text,
  ...{ npm_config_registry: Text, NPM_CONFIG_REGISTRY: Text },
  ...{ PIP_INDEX_URL: Text, PIP_EXTRA_INDEX_URL: Text, UV_DEFAULT_INDEX: Text, GOPROXY: Text },
});

export type AgentEnv = z.output<typeof AgentEnv> & Partial<z.output<typeof ExecutingEnv>>;

/** Throws `invalid-environment`. */
export function readAgentEnv(agent: WorkingAgent, source: EnvSource = process.env): AgentEnv {
  const ownOf = (name: string): EnvSource => {
    const own = source[`${name}_${agent.toUpperCase()}`];
    return own === undefined || own === '' ? {} : { [name]: own };
  };
  const variables = { ...source, ...ownOf('BATON_MODEL'), ...ownOf('BATON_EFFORT') };
  return EXECUTING.includes(agent) ? readEnv(ExecutingEnv, variables) : readEnv(AgentEnv, variables);
}

/** The variables that the file of servers may refer to. */
export const readReferences = (): EnvSource => process.env;
