import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

/** No container engine runs where the tests run, so this checks what can be read: the recipe and the composition fit together. */

const root = join(import.meta.dirname, '..');
const SERVICES = [
  'gateway',
  'orchestrator',
  'planner',
  'validator',
  'programmer',
  'tester',
  'prompt',
  'advisor',
  'deployer',
];
/** Those that somebody has to ask for; without a login of its own. */
const BY_PROFILE = ['http'];
const loginOf = (name: string): string => (name === 'http' ? 'worker' : name);

const Healthcheck = z.union([z.object({ test: z.array(z.string()).min(2) }), z.object({ disable: z.literal(true) })]);
const Service = z.object({
  image: z.string().optional(),
  build: z.object({ context: z.literal('.'), target: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: Healthcheck,
  user: z.string().optional(),
  privileged: z.boolean().optional(),
  read_only: z.boolean().optional(),
  security_opt: z.array(z.string()).default([]),
  restart: z.string(),
  profiles: z.array(z.string()).default([]),
});
const Compose = z.object({ services: z.record(z.string(), Service), volumes: z.record(z.string(), z.null()) });

const { services, volumes } = Compose.parse(
  parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }),
);
const service = (name: string): z.infer<typeof Service> => Service.parse(services[name]);

interface Stage {
  readonly base: string;
  readonly lines: readonly string[];
}

/** The stages of the Dockerfile by name, with continued lines joined. */
function readStages(): ReadonlyMap<string, Stage> {
  const text = readFileSync(join(root, 'Dockerfile'), 'utf8').replace(/\\\n\s*/g, '');
  const blocks = text.split(/^(?=FROM )/m).filter((block) => block.startsWith('FROM '));
  return new Map(
    blocks.map((block) => {
      const [first = '', ...lines] = block.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      const [, base = '', name = ''] = /^FROM (\S+) AS (\S+)$/.exec(first) ?? [];
      return [name, { base, lines }];
    }),
  );
}
const stages = readStages();

/** The instructions of a stage and of all it is built from. */
function inherited(name: string): readonly string[] {
  const stage = stages.get(name);
  return stage === undefined ? [] : [...inherited(stage.base), ...stage.lines];
}

test('the composition has the databases, a migration that runs once, and every service, and more by profiles', () => {
  const named = Object.entries(services).map(([name, { profiles }]) => [name, ...profiles].join(' of '));
  const further = [
    'gateway-2 of scale',
    'orchestrator-2 of scale',
    'http of http',
    'ollama of model',
    'backup of backup',
  ];
  expect(named.sort()).toEqual([...SERVICES, 'migrate', 'postgres', 'redis', ...further].sort());
});

test('every port is published on the loopback interface only', () => {
  const ports = Object.values(services).flatMap((each) => each.ports);
  expect(ports.length).toBeGreaterThan(0);
  expect(ports.filter((port) => !/^127\.0\.0\.1:\d+:\d+$/.test(port))).toEqual([]);
});

test('every container that stays has a health check', () => {
  const unchecked = Object.entries(services).filter(([, each]) => 'disable' in each.healthcheck);
  expect(unchecked.map(([name]) => name)).toEqual(['migrate', 'backup']);
});

test('Redis never evicts and keeps an append-only file', () => {
  expect(service('redis').image).toMatch(/^redis:[78]/);
  const command = service('redis').command?.join(' ');
  expect(command).toContain('--maxmemory-policy noeviction');
  expect(command).toContain('--appendonly yes');
});

test('Postgres is new enough, and both databases, the key of the log and what is deployed have a volume', () => {
  expect(service('postgres').image).toMatch(/^postgres:1[78]/);
  const named = ['postgres', 'redis', 'gateway', 'deployer', 'ollama'].flatMap((name) =>
    service(name).volumes.map((volume) => volume.split(':')[0]),
  );
  expect(named).toEqual(Object.keys(volumes));
});

test('services start after the databases are healthy and the migration has succeeded', () => {
  for (const name of [...SERVICES, ...BY_PROFILE]) {
    expect(service(name).depends_on).toMatchObject({
      postgres: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
      migrate: { condition: 'service_completed_successfully' },
    });
  }
  expect(service('migrate')).toMatchObject({
    command: ['node', 'apps/orchestrator/dist/main.js', 'migrate'],
    restart: 'no',
  });
});

/** Addresses without a password in them. */
const NO_SECRET: ReadonlySet<string> = new Set(['ANTHROPIC_BASE_URL', 'OPENAI_BASE_URL', 'BATON_PUBLIC_URL']);

/** Not everybody has them: without a value in the environment they are empty, and nothing else. */
const MAY_BE_ABSENT: ReadonlySet<string> = new Set(['BATON_S3_SECRET_ACCESS_KEY', 'BATON_S3_SESSION_TOKEN']);

test('no secret has a default: each must come from the environment', () => {
  expect(service('gateway').environment.BATON_TOKEN).toMatch(/^\$\{BATON_TOKEN:\?/);
  for (const [name, { environment }] of Object.entries(services)) {
    for (const [variable, value] of Object.entries(environment)) {
      if (MAY_BE_ABSENT.has(variable)) {
        expect(value, `${variable} of ${name}`).toBe(`\${${variable}:-}`);
        continue;
      }
      if (!/PASSWORD|TOKEN|AUTH|LOGIN|_URL$/.test(variable) || NO_SECRET.has(variable)) continue;
      expect(value, `${variable} of ${name}`).toMatch(/\$\{[A-Z_]+:\?/);
    }
  }
});

test('each service has a login of its own, or that of the workers of users, and only the migration has that of the owner', () => {
  for (const name of [...SERVICES, ...BY_PROFILE])
    expect(service(name).environment.DATABASE_URL).toMatch(
      new RegExp(
        `^postgres://baton_login_${loginOf(name)}:\\$\\{BATON_LOGIN_${loginOf(name).toUpperCase()}:\\?[^}]+\\}@postgres:5432/baton$`,
      ),
    );
  const withOwner = Object.entries(services).filter(([, each]) => each.environment.DATABASE_URL?.includes('//baton:'));
  expect(withOwner.map(([name]) => name)).toEqual(['migrate']);
  const given = Object.keys(service('migrate').environment).filter((name) => name.startsWith('BATON_LOGIN_'));
  expect(given.sort()).toEqual([...SERVICES, 'worker'].map((name) => `BATON_LOGIN_${name.toUpperCase()}`).sort());
  for (const [name, { environment }] of Object.entries(services))
    if (name !== 'migrate')
      expect(Object.keys(environment).filter((variable) => variable.startsWith('BATON_LOGIN_'))).toEqual([]);
});

const isKeyOfModel = (name: string): boolean => /^(ANTHROPIC|OPENAI)_API_KEY$/.test(name);
test('only the agents see the key of the model', () => {
  const withKey = Object.entries(services).filter(([, each]) => Object.keys(each.environment).some(isKeyOfModel));
  expect(withKey.map(([name]) => name).sort()).toEqual([
    'advisor',
    'planner',
    'programmer',
    'prompt',
    'tester',
    'validator',
  ]);
});

test('whom the worker of requests may ask, and where its secrets are, no other service is told', () => {
  const told = Object.entries(services).filter(([, { environment }]) =>
    Object.keys(environment).some((variable) => variable.startsWith('BATON_HTTP_')),
  );
  expect(told.map(([name]) => name)).toEqual(BY_PROFILE);
});

test.each([...SERVICES, ...BY_PROFILE, 'migrate'])(
  '%s is built from a stage of the Dockerfile, without privileges and with its files read-only',
  (name) => {
    const { build, privileged, user, read_only } = service(name);
    expect(stages.has(build?.target ?? '')).toBe(true);
    expect({ privileged, user, read_only }).toEqual({ privileged: undefined, user: undefined, read_only: true });
  },
);

test.each([...SERVICES, ...BY_PROFILE])(
  'the image of %s runs its program as an unprivileged user, on Node 24',
  (name) => {
    const instructions = inherited(name);
    expect(instructions.findLast((line) => line.startsWith('USER '))).toBe('USER node');
    expect(instructions.at(-1)).toBe(`CMD ["node", "apps/${name}/dist/main.js"]`);
    expect(instructions.some((line) => line.startsWith('HEALTHCHECK '))).toBe(true);
    expect(stages.get('service')?.base).toBe('node:24-bookworm-slim');
  },
);

/** Those that execute what was generated. */
const EXECUTING = ['deployer', 'programmer', 'prompt', 'tester', 'validator'];

test.each(EXECUTING)(
  'the image of the %s has Python and the sandbox, and its program is unprivileged again',
  (name) => {
    const own = inherited(name);
    const install = own.findIndex((line) =>
      /^RUN apt-get update && apt-get install .*\bpython3 bubblewrap\b/.test(line),
    );
    expect(install).toBeGreaterThan(0);
    expect(own[install - 1]).toBe('USER root');
    expect(own[install + 1]).toBe('USER node');
  },
);

test('only those that execute may make namespaces, and get no right by it', () => {
  const options = Object.entries(services).map(([name, each]) => [name, each.security_opt] as const);
  for (const [name, given] of options)
    if ([...SERVICES, ...BY_PROFILE].includes(name)) expect(given, name).toContain('no-new-privileges:true');
  const loosened = options.filter(([, given]) => given.some((option) => /seccomp|apparmor|systempaths/.test(option)));
  expect(loosened.map(([name]) => name).sort()).toEqual(EXECUTING);
  for (const name of EXECUTING) expect(service(name).privileged, name).toBeUndefined();
  const told = Object.entries(services).filter(([, each]) => 'BATON_SANDBOX' in each.environment);
  expect(told.map(([name]) => name).sort()).toEqual(EXECUTING);
});

const SeccompProfile = z.strictObject({
  defaultAction: z.literal('SCMP_ACT_ERRNO'),
  defaultErrnoRet: z.int(),
  archMap: z.array(z.strictObject({ architecture: z.string(), subArchitectures: z.array(z.string()) })),
  syscalls: z.array(
    z.strictObject({
      names: z.array(z.string().regex(/^[a-z0-9_]+$/)).min(1),
      action: z.enum(['SCMP_ACT_ALLOW', 'SCMP_ACT_ERRNO']),
      errnoRet: z.int().optional(),
      args: z.array(z.strictObject({ index: z.int(), value: z.int(), op: z.string() })).optional(),
    }),
  ),
});

test('its profile of system calls lists what is allowed, and what bubblewrap needs is among it', () => {
  const profile = SeccompProfile.parse(JSON.parse(readFileSync(join(root, 'infra/sandbox-seccomp.json'), 'utf8')));
  const allowed = profile.syscalls.filter(({ action }) => action === 'SCMP_ACT_ALLOW').flatMap(({ names }) => names);
  expect(allowed).toEqual(
    expect.arrayContaining(['clone', 'unshare', 'mount', 'umount2', 'pivot_root', 'sethostname']),
  );
  for (const name of ['bpf', 'keyctl', 'kexec_load', 'init_module', 'ptrace', 'setns', 'io_uring_setup', 'reboot'])
    expect(allowed).not.toContain(name);
});

test('stages copy only from stages that exist, and end in nothing but the services', () => {
  const sources = [...stages.values()].flatMap(({ lines }) =>
    lines.flatMap((line) => /--from=(\S+)/.exec(line)?.[1] ?? []),
  );
  expect(sources.filter((name) => !stages.has(name))).toEqual([]);
  const ends = [...SERVICES.filter((name) => name !== 'deployer'), ...BY_PROFILE, 'deployer'];
  expect([...stages.keys()]).toEqual(['manifests', 'build', 'production', 'service', 'executing', ...ends]);
});

async function healthcheckAgainst(status: number): Promise<unknown> {
  const server = createServer((_, response) => void response.writeHead(status).end('{}'));
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const check = spawn(process.execPath, [join(root, 'infra/healthcheck.mjs')], {
    env: { BATON_HEALTH_PORT: String(port) },
    stdio: 'ignore',
  });
  const [code] = await once(check, 'exit');
  return code;
}

test('the health check of the images follows what the service says', async () => {
  expect(await healthcheckAgainst(200)).toBe(0);
  expect(await healthcheckAgainst(503)).toBe(1);
});
