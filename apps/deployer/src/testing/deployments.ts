import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDeployer } from '@baton/agents/deployer';
import { type JsonObject, TaskFailed, TaskSucceeded } from '@baton/contracts';
import { getBytes, putBytes } from '@baton/event-store';
import { WorkerFixture } from '@baton/worker/testing';
import { putFile, putTree, treeOf } from '@baton/workspace';
import { DeployerModule } from '../deployer.module.js';

export const BATON_SANDBOX = existsSync('/usr/bin/bwrap') ? 'bwrap' : 'none';

interface Deployed {
  readonly commandId: string;
  readonly args: JsonObject;
  readonly result: Awaited<ReturnType<WorkerFixture['resultOf']>>;
}

type Env = Parameters<typeof startDeployer>[2];

/** A deployer that runs on this machine, with a folder to deploy to; and runs whose logs hold what people approved. */
export async function openDeployments(
  postgresUrl: string,
  given: Partial<Env> = {},
  kept: Readonly<Record<string, string>> = {},
) {
  const target = await mkdtemp(join(tmpdir(), 'baton-deployed-'));
  await rm(target, { recursive: true });
  const fixture = await WorkerFixture.open(postgresUrl, 'deployer');
  const env: Env = {
    ...fixture.env,
    ...{ BATON_CONCURRENCY: 1, BATON_SANDBOX, BATON_DEPLOY_DIR: target },
    ...{ BATON_DEPLOY_HOSTS: [], BATON_DEPLOY_OWN_NETWORK: [], ...given },
  };
  await fixture.start((context) => startDeployer(DeployerModule, context, env, kept));

  async function version(files: Readonly<Record<string, string>>): Promise<string> {
    const { pool } = fixture;
    const store = {
      put: (bytes: Buffer) => putBytes(pool, bytes),
      get: (sha256: string) => getBytes(pool, sha256),
    };
    const stored = Object.entries(files).map(async ([path, content]) => ({
      ...{ path, mode: '100644' as const },
      ...(await putFile(store, Buffer.from(content))),
    }));
    return putTree(store, treeOf(await Promise.all(stored)));
  }

  let position = 0;
  /** Puts an approval into the log of the run, as the hub does. */
  async function approved(runId: string, shown: JsonObject, answer = 'approve'): Promise<JsonObject> {
    const approvalId = `${runId}-${1_000 + position}`;
    const sha256 = 'c'.repeat(64);
    const events = [
      ['TaskScheduled', { commandId: approvalId, resource: 'baton:approval', arguments: shown, sha256 }],
      ['ApprovalDecided', { commandId: approvalId, decision: answer, by: { type: 'user', id: 'ada' } }],
    ] as const;
    for (const [type, data] of events) {
      position += 1;
      await fixture.pool.query(
        `insert into baton.event (position, run_id, version, type, schema_version, event_id, recorded_at, actor, data, leaf_hash)
         values ($1::bigint, $2, $1::int, $3, 1, gen_random_uuid(), now(), '{}', $4, $5)`,
        [position, runId, type, JSON.stringify(data), Buffer.alloc(32)],
      );
    }
    return { approvalId, sha256, decision: answer, comment: '', by: 'user:ada' };
  }

  let known: string | undefined;
  /** A task of the run says which run it is. */
  async function runId(): Promise<string> {
    if (known === undefined) {
      const commandId = await fixture.send({ arguments: {} });
      await fixture.resultOf(commandId);
      known = commandId.slice(0, 36);
    }
    return known;
  }

  /** Sends a task with an approval of what it shows, and gives what came of it. */
  async function deploy(
    deployment: JsonObject,
    { shown = deployment, answer, task = {} }: { shown?: JsonObject; answer?: string; task?: JsonObject } = {},
  ): Promise<Deployed> {
    const approval = await approved(await runId(), { title: 'Release', ...shown }, answer);
    const args = { ...deployment, approval, ...task };
    const commandId = await fixture.send({ arguments: args });
    return { commandId, args, result: await fixture.resultOf(commandId) };
  }

  return {
    ...{ fixture, target, version, approved, runId, deploy },
    deployed: (path: string): Promise<string> => readFile(join(target, path), 'utf8'),
    close: async () => {
      await fixture.close();
      await rm(target, { recursive: true, force: true });
    },
  };
}

export type Deployments = Awaited<ReturnType<typeof openDeployments>>;

export const failed = (data: unknown) => TaskFailed.parse(data);
export const succeeded = (data: unknown) => TaskSucceeded.parse(data).output;
