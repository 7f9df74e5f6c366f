import { type JsonObject, withSaidModel } from '@baton/contracts';
import { openKnowledge } from '@baton/knowledge';
import { PRICES, readPriceFile } from '@baton/llm';
import { resolveHost } from '@baton/outbound';
import { type RunningService, runService, type ServiceContext } from '@baton/service-kit';
import { openStoppable, THREAD_ENTRY } from '@baton/threads';
import { startWorker, type WorkerOptions } from '@baton/worker-service';
import { createAgents, type WorkingAgent } from '../create-agents.js';
import { HANDED_IN_FILES } from '../hand-ins/look-at-files.js';
import { chooseModel } from '../model/choose-model.js';
import { schemasOn } from '../prompt/answer-schema.js';
import { ServerConnection } from '../servers/server-connection.js';
import { readServers } from '../servers/servers-file.js';
import { argumentsSchemaOf, PROMPT_ARGUMENTS } from '../task/announced-arguments.js';
import { jsonSchemaOf } from '../task/outputs.js';
import { ImplementArguments, PlanArguments, ReviewPlanArguments, WriteTestsArguments } from '../task/task-arguments.js';
import { loadTemplates, type Templates } from '../templates/load-templates.js';
import { tellTemplates } from '../templates/tell-templates.js';
import { type AgentEnv, EXECUTING, readAgentEnv, readReferences, SHIPPED_PROMPTS } from './env.js';
import { findingSandbox } from './finding-sandbox.js';
import { observedSandbox } from './observed-sandbox.js';
import { preflight } from './preflight.js';
import { setUpSettings } from './set-up-settings.js';
import { tellSandbox } from './tell-sandbox.js';

const THREAD_MEMORY_MB = 256;

/** An agent's service: which agent it is, and the module with the controller of its queue. */
export interface AgentService {
  readonly agent: WorkingAgent;
  readonly module: WorkerOptions['module'];
}

/** What `baton worker list` says of each. */
const DESCRIPTIONS: Readonly<Record<WorkingAgent, string>> = {
  planner: 'Makes plans, and revises them.',
  validator: 'Judges plans and code, by a model and by deterministic tools.',
  programmer: 'Writes code, and refines it.',
  tester: 'Writes tests against an interface, before there is code.',
  prompt: 'Answers single questions, in the shape of a JSON Schema.',
  advisor: 'Picks a legal move where a decision is not ordinary.',
};

/** What a person has to hand in who does its work by hand; those that are not here go by what each task says. */
const OUTPUTS: Partial<Readonly<Record<WorkingAgent, JsonObject>>> = {
  planner: jsonSchemaOf('Plan'),
  validator: jsonSchemaOf('Review'),
  programmer: HANDED_IN_FILES,
  tester: HANDED_IN_FILES,
};

/** What each is told of what it says here: so much that somebody who composes a workflow can call it. */
const INPUTS: Partial<Readonly<Record<WorkingAgent, JsonObject>>> = {
  planner: argumentsSchemaOf(PlanArguments),
  validator: argumentsSchemaOf(ReviewPlanArguments),
  programmer: argumentsSchemaOf(ImplementArguments),
  tester: argumentsSchemaOf(WriteTestsArguments),
  prompt: PROMPT_ARGUMENTS,
};

const schemasOf = (agent: WorkingAgent): { readonly input?: JsonObject; readonly output?: JsonObject } => {
  const [input, output] = [INPUTS[agent], OUTPUTS[agent]];
  return { ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }) };
};

/** A worker with an agent as its handler. Throws BatonError for its model and its prompts, and what `startWorker` throws. */
export async function startAgent(
  { agent, module }: AgentService,
  context: ServiceContext,
  env: AgentEnv,
): Promise<RunningService> {
  const { BATON_MODEL_SILENCE_MS: silenceMs, BATON_MODEL_CAPABILITIES: overrides, BATON_PRICES: priceFile } = env;
  const prices = priceFile === undefined ? PRICES : await readPriceFile(priceFile);
  const model = chooseModel(agent, env, {
    ...(silenceMs === undefined ? {} : { silenceMs }),
    ...(overrides === undefined ? {} : { overrides }),
    onTurnedOff: (lacking) => context.log.warn(lacking, 'the server of the model lacks this, so it is done without'),
  });
  const hasToolUse = await preflight(model, context.log, context.signal);
  const threads = openStoppable({
    entry: THREAD_ENTRY,
    threads: 1,
    memoryMb: THREAD_MEMORY_MB,
    monotonicMs: () => performance.now(),
  });
  const hidden = [env.BATON_HOME, env.HOME].filter((folder) => folder !== undefined);
  const knowledge = openKnowledge({
    roots: env.BATON_KNOWLEDGE_ROOTS ?? [],
    hosts: env.BATON_KNOWLEDGE_HOSTS ?? [],
    allowPrivate: env.BATON_KNOWLEDGE_ALLOW_PRIVATE ?? false,
    hidden: env.BATON_HOME === undefined ? [] : [env.BATON_HOME],
    now: () => new Date(),
  });
  const servers = (await readServers(env.BATON_MCP_SERVERS, agent, readReferences())).map(
    (server) =>
      new ServerConnection(server, { resolve: resolveHost, monotonicMs: () => performance.now(), log: context.log }),
  );
  const sandbox = findingSandbox({ setting: env.BATON_SANDBOX, hidden });
  const createHandler: WorkerOptions['createHandler'] = async (parts) => {
    const loaded = await loadTemplates(SHIPPED_PROMPTS, env.BATON_PROMPTS_DIR);
    const templates = await tellTemplates(loaded, { agent, servers: servers.map(({ server }) => server) }, parts);
    sayTemplates(context, templates);
    const agents = createAgents({
      ...parts,
      callModel: model.callModel,
      provider: env.BATON_PROVIDER,
      hasToolUse,
      countTokens: model.server?.countTokens,
      contextTokens: model.server?.contextTokens,
      prices,
      effort: env.BATON_EFFORT,
      modelFor: () => model.name,
      schemas: schemasOn(threads),
      templates,
      sandbox: observedSandbox(sandbox, parts.metrics),
      setUp: EXECUTING.includes(agent) ? setUpSettings(env) : undefined,
      knowledge,
      servers,
    });
    return agents[agent];
  };
  const service = await startWorker(
    {
      kind: agent,
      description: withSaidModel(DESCRIPTIONS[agent], model.name),
      ...schemasOf(agent),
      module,
      createHandler,
    },
    context,
    env,
  );
  if (EXECUTING.includes(agent)) tellSandbox(context, await sandbox());
  return {
    stop: async () => {
      await service.stop();
      await threads.close();
      knowledge.close();
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

function sayTemplates({ log, health }: ServiceContext, { byId, problems }: Templates): void {
  for (const { layer, path, problem } of problems)
    log.warn({ layer, path, problem }, 'a prompt template cannot be used');
  const count = [...byId.values()].flat().length;
  const said = problems.map(({ problem }) => problem).join(' ');
  health.addFact('templates', problems.length === 0 ? `${count} in use` : `${count} in use; ${said}`);
}

/** The process of an agent's service, from start to exit. */
export const runAgent = (service: AgentService): Promise<void> =>
  runService({
    name: service.agent,
    start: (context) => startAgent(service, context, readAgentEnv(service.agent)),
  });
