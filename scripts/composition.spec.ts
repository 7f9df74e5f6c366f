import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

/** What docker-compose.yml says beside containers.spec.ts: its profiles, and that each variable is one that somebody reads. */

const root = join(import.meta.dirname, '..');
const Service = z.looseObject({
  build: z.object({ target: z.string() }).optional(),
  image: z.string().optional(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  profiles: z.array(z.string()).default([]),
  command: z.array(z.string()).default([]),
  stop_grace_period: z.string().optional(),
  depends_on: z.record(z.string(), z.unknown()).default({}),
});
const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const { services } = z.object({ services: z.record(z.string(), Service) }).parse(parse(text, { merge: true }));
const service = (name: string): z.infer<typeof Service> => Service.parse(services[name]);

/** The environment is read in the files that are named after it, and in what they put together. */
const sources = globSync('{apps,libs}/*/src/**/*{env,environment,config}*.ts', { cwd: root })
  .filter((path) => !path.endsWith('.spec.ts'))
  .map((path) => readFileSync(join(root, path), 'utf8'));
const read = new Set(sources.flatMap((source) => source.match(/\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/g) ?? []));

const built = Object.entries(services).filter(([, { build }]) => build !== undefined);

test.each(built)('each variable of %s is one that Baton reads', (_, { environment }) => {
  expect(Object.keys(environment).filter((name) => !read.has(name))).toEqual([]);
});

test.each(built)('%s gets more time to stop than the 21 s that a service takes at most', (_, { stop_grace_period }) => {
  expect(Number(/^(\d+)s$/.exec(stop_grace_period ?? '')?.[1])).toBeGreaterThan(21);
});

test('whatever stands for the log in by default needs no profile', () => {
  for (const [name, { depends_on }] of Object.entries(services).filter(([, { profiles }]) => profiles.length === 0))
    for (const needed of Object.keys(depends_on)) expect(service(needed).profiles, `${needed} of ${name}`).toEqual([]);
});

test('the second of a service is as the first, at another port', () => {
  for (const name of ['gateway', 'orchestrator']) {
    const { profiles, ports, ...second } = service(`${name}-2`);
    const { profiles: _, ports: first, ...rest } = service(name);
    expect(second).toEqual(rest);
    expect(profiles).toEqual(['scale']);
    expect(ports).not.toEqual(first.length === 0 ? undefined : first);
  }
});

test('a backup takes the home before the database, with a pg_dump of the version of the server', () => {
  const { image, command, volumes, environment } = service('backup');
  expect(image).toBe(service('postgres').image);
  const script = command.at(-1) ?? '';
  expect(script.indexOf('cp -a /signing')).toBeGreaterThan(0);
  expect(script.indexOf('pg_dump')).toBeGreaterThan(script.indexOf('cp -a /signing'));
  expect(volumes).toContain('signing:/signing:ro');
  expect(Object.keys(environment)).toEqual(['PGPASSWORD']);
});

test('the agents can be told of the model of the composition', () => {
  expect(service('ollama').ports.every((port) => port.startsWith('127.0.0.1:'))).toBe(true);
  for (const name of ['planner', 'validator', 'programmer', 'tester', 'prompt', 'advisor'])
    expect(Object.keys(service(name).environment), name).toEqual(
      expect.arrayContaining(['BATON_PROVIDER', 'OPENAI_BASE_URL', 'BATON_MODEL']),
    );
});

test('each profile is explained where the file begins', () => {
  const named = new Set(Object.values(services).flatMap(({ profiles }) => profiles));
  const head = text.slice(0, text.indexOf('name: baton'));
  expect([...named].filter((profile) => !new RegExp(`^#   ${profile} `, 'm').test(head))).toEqual([]);
});
