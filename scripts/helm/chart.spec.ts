import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScaledObject, TriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import { Deployment } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { Job } from 'kubernetes-models/batch/v1';
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { PersistentVolumeClaim, Service, ServiceAccount } from 'kubernetes-models/v1';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { EVERYTHING, HALF_WAY, PEERS, root, VALUES } from './testing/given-values.js';

/* No cluster and no `helm` run where the tests run: render.mjs says how close what is checked here comes to them. */

const SECRET_REF = z.object({ secretKeyRef: z.object({ name: z.string(), key: z.string() }) });
const Env = z.object({ name: z.string(), value: z.string().optional(), valueFrom: SECRET_REF.optional() });
const Container = z.looseObject({
  name: z.string(),
  image: z.string(),
  env: z.array(Env),
  envFrom: z.array(z.unknown()).default([]),
  securityContext: z.record(z.string(), z.unknown()),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })),
});
const Pod = z.looseObject({
  hostUsers: z.boolean().optional(),
  terminationGracePeriodSeconds: z.int().optional(),
  securityContext: z.record(z.string(), z.unknown()),
  containers: z.tuple([Container]),
  volumes: z.array(z.looseObject({ name: z.string(), secret: z.looseObject({ secretName: z.string() }).optional() })),
});
const Manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
});
type Manifest = z.infer<typeof Manifest>;
const Workload = z.looseObject({
  spec: z.looseObject({ replicas: z.int().optional(), template: z.looseObject({ spec: Pod }) }),
});

const renderings = z.array(z.record(z.string(), z.string())).parse(
  JSON.parse(
    execFileSync(process.execPath, [join(import.meta.dirname, 'render.mjs')], {
      input: JSON.stringify([{}, EVERYTHING, HALF_WAY]),
      maxBuffer: 2 ** 26,
    }).toString(),
  ),
);
const manifestsOf = (files: Readonly<Record<string, string>>): readonly Manifest[] =>
  Object.entries(files)
    .filter(([name]) => name.endsWith('.yaml'))
    .flatMap(([, text]) => parseAllDocuments(text).map((document) => document.toJS()))
    .filter((manifest) => manifest !== null)
    .map((manifest) => Manifest.parse(manifest));
const [plain = [], everything = [], halfWay = []] = renderings.map(manifestsOf);

const podsOf = (manifests: readonly Manifest[]) =>
  new Map(
    manifests
      .filter(({ kind }) => ['Deployment', 'Job'].includes(kind))
      .map((manifest) => [
        manifest.metadata.labels['app.kubernetes.io/component'] ?? '',
        Workload.parse(manifest).spec.template.spec,
      ]),
  );
const COMPONENTS = Object.keys(VALUES.components).sort();
/** Off where nobody asks for it, and without a login of its own. */
const loginOf = (name: string): string => (name === 'http' ? 'worker' : name);
const EXECUTING = ['deployer', 'programmer', 'prompt', 'tester', 'validator'];

describe('what is rendered', () => {
  const MODELS = {
    ...{ Deployment, Job, Service, ServiceAccount, PersistentVolumeClaim, Ingress, NetworkPolicy, PodDisruptionBudget },
    ...{ HorizontalPodAutoscaler, ScaledObject, TriggerAuthentication },
  };
  const FROM: Readonly<Record<string, string>> = {
    'apps/v1': 'kubernetes-models/apps/v1',
    'batch/v1': 'kubernetes-models/batch/v1',
    v1: 'kubernetes-models/v1',
    'policy/v1': 'kubernetes-models/policy/v1',
    'networking.k8s.io/v1': 'kubernetes-models/networking.k8s.io/v1',
    'autoscaling/v2': 'kubernetes-models/autoscaling/v2',
    'keda.sh/v1alpha1': '@kubernetes-models/keda/keda.sh/v1alpha1',
  };
  const all = [...plain, ...everything, ...halfWay];

  test('fits the schemas of Kubernetes and KEDA', () => {
    expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(Object.keys(MODELS)));
    for (const manifest of all) {
      const [, Model] = Object.entries(MODELS).find(([kind]) => kind === manifest.kind) ?? [];
      if (Model === undefined) throw new Error(`no schema for ${manifest.kind}`);
      // The class takes only what fits its type, which is what is to be found out.
      const model = Reflect.construct(Model, [manifest]);
      expect(() => model.validate(), `${manifest.kind} ${manifest.metadata.name}`).not.toThrow();
    }
  });

  test('has no field that they do not know: Kubernetes would leave it out without a word', () => {
    const folder = join(root, 'node_modules/.cache/baton/manifests');
    mkdirSync(folder, { recursive: true });
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const lines = all.map(
      (manifest, index) =>
        `import type { I${manifest.kind} as M${index} } from '${FROM[manifest.apiVersion]}';\n` +
        `export const m${index}: M${index} = ${JSON.stringify(manifest)};`,
    );
    const misspelled = JSON.stringify(all.find(({ kind }) => kind === 'Deployment')).replace('readinessProbe', 'ready');
    const wrong = `import type { IDeployment } from 'kubernetes-models/apps/v1';\nexport const m: IDeployment = ${misspelled};`;
    writeFileSync(join(folder, 'manifests.ts'), lines.join('\n'));
    writeFileSync(join(folder, 'wrong.ts'), wrong);
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2024'];
    const files = ['manifests.ts', 'wrong.ts'].map((name) => join(folder, name));
    const tsc = [join(root, 'node_modules/typescript/bin/tsc'), '--ignoreConfig', ...options, ...files];
    const { stdout } = spawnSync(process.execPath, tsc, { encoding: 'utf8' });
    const found = stdout.split('\n').filter((line) => line.includes('error'));
    expect(found).toEqual([expect.stringMatching(/wrong\.ts.*ready.* does not exist/)]);
  });

  test('names each thing once, and leaves no value open', () => {
    for (const manifests of [plain, everything, halfWay]) {
      const names = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      expect(names).toEqual([...new Set(names)]);
    }
    for (const files of renderings)
      for (const text of Object.values(files)) expect(text).not.toMatch(/<no value>|<nil>|%!|map\[/);
  });
});

describe('pods', () => {
  const services = [...podsOf(everything)];

  test('are those of the composition, and the migration', () => {
    expect([...podsOf(plain).keys()].sort()).toEqual([...COMPONENTS, 'migrate'].sort());
    expect([...podsOf(everything).keys()].sort()).toEqual([...COMPONENTS, 'http', 'migrate'].sort());
    const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true });
    const composed = Object.entries<{ build?: { target: string } }>(compose.services)
      .filter(([name, { build }]) => build?.target === name)
      .map(([name]) => name);
    expect([...podsOf(everything).keys()]).toEqual(expect.arrayContaining(composed));
  });

  test.each(services)('of the %s have no right on their node or in the cluster', (_, pod) => {
    expect(pod).toMatchObject({ automountServiceAccountToken: false });
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
    expect(pod.containers[0].securityContext).toMatchObject({
      ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    });
  });

  test('have the seccomp profile of the runtime, and another one only where the sandbox needs it', () => {
    for (const [name, pod] of podsOf(plain))
      expect(pod.securityContext.seccompProfile, name).toEqual({ type: 'RuntimeDefault' });
    for (const [name, { securityContext, hostUsers, containers }] of services) {
      const isOpened = EXECUTING.includes(name);
      expect(securityContext.seccompProfile, name).toMatchObject({ type: isOpened ? 'Localhost' : 'RuntimeDefault' });
      expect([hostUsers, containers[0].securityContext.procMount], name).toEqual(
        isOpened ? [false, 'Unmasked'] : [undefined, undefined],
      );
    }
  });

  test.each(services)('of the %s get the password of their own login only, and no secret as a text', (name, pod) => {
    const { env, envFrom } = pod.containers[0];
    const keys = env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef.key ?? []);
    const logins = keys.filter((key) => key.startsWith('BATON_LOGIN_'));
    const isMigration = name === 'migrate';
    const all = [...COMPONENTS, 'worker'].map((each) => `BATON_LOGIN_${each.toUpperCase()}`).sort();
    expect(logins.sort()).toEqual(isMigration ? all : [`BATON_LOGIN_${loginOf(name).toUpperCase()}`]);
    expect(keys.includes('POSTGRES_PASSWORD')).toBe(isMigration);
    expect(keys.includes('BATON_TOKEN')).toBe(name === 'gateway');
    const isAgent = !isMigration && !['gateway', 'orchestrator', 'deployer', 'http'].includes(name);
    expect(envFrom.length).toBe(isAgent ? 1 : 0);
    const user = isMigration ? 'baton' : `baton_login_${loginOf(name)}`;
    expect(env.find((each) => each.name === 'DATABASE_URL')?.value).toBe(
      `postgres://${user}:$(BATON_DATABASE_PASSWORD)@postgres:5432/baton`,
    );
    // A variable is put into another one only where it stands before it.
    const order = env.map((each) => each.name);
    expect(order.indexOf('BATON_DATABASE_PASSWORD')).toBeLessThan(order.indexOf('DATABASE_URL'));
  });

  test('run images that the Dockerfile has', () => {
    const stages = [...readFileSync(join(root, 'Dockerfile'), 'utf8').matchAll(/^FROM \S+ AS (\S+)$/gm)].map(
      ([, stage]) => stage,
    );
    for (const [, { containers }] of podsOf(plain))
      expect(stages).toContain(/^registry\.example\/baton\/(.+):0\.1\.0$/.exec(containers[0].image)?.[1]);
  });

  test('of an upgrade that has come as far as the gateways are the former ones from there on, and the migration is new', () => {
    const tags = [...podsOf(halfWay)].map(([name, { containers }]) => [name, containers[0].image.split(':')[1]]);
    expect(tags.filter(([, tag]) => tag === '0.2.0').map(([name]) => name)).toEqual(['gateway', 'migrate']);
  });

  test('are migrated for before anything else', () => {
    const hooks = everything.filter(({ metadata }) => 'helm.sh/hook' in metadata.annotations);
    expect(hooks.map(({ kind, metadata }) => [kind, metadata.annotations['helm.sh/hook']])).toEqual([
      ['Job', 'pre-install,pre-upgrade'],
    ]);
  });
});

test('what scales itself has no number of replicas that an upgrade would put back', () => {
  const replicasOf = (manifests: readonly Manifest[]) =>
    manifests
      .filter(({ kind }) => kind === 'Deployment')
      .map((manifest) => [manifest.metadata.name, Workload.parse(manifest).spec.replicas]);
  expect(replicasOf(plain).filter(([, replicas]) => replicas === undefined)).toEqual([]);
  expect(replicasOf(everything).filter(([, replicas]) => replicas !== undefined)).toEqual([
    ['baton-orchestrator', 2],
    ['baton-http', 1],
  ]);
});

test('whom the worker of requests may ask, and with which secrets, is for its pod alone, and it reaches them', () => {
  const told = [...podsOf(everything)].filter(([, { containers, volumes }]) => {
    const isNamed = containers[0].env.some((each) => each.name.startsWith('BATON_HTTP_'));
    return isNamed || volumes.some(({ secret }) => secret !== undefined);
  });
  expect(told.map(([name]) => name)).toEqual(['http']);
  const [[, pod] = []] = told;
  expect(pod?.volumes).toContainEqual(
    expect.objectContaining({ name: 'secrets', secret: expect.objectContaining({ secretName: 'keys' }) }),
  );
  expect(pod?.containers[0].volumeMounts).toContainEqual({ name: 'secrets', mountPath: '/secrets', readOnly: true });
  expect(pod?.containers[0].env).toEqual(
    expect.arrayContaining([
      { name: 'BATON_HTTP_HOSTS', value: 'api.example.com,shop:8443' },
      { name: 'BATON_HTTP_ALLOW_PRIVATE', value: 'false' },
      { name: 'BATON_HTTP_SECRETS', value: '/secrets/secrets.json' },
    ]),
  );
  const rule = everything.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'baton-http');
  expect(rule?.spec).toMatchObject({
    podSelector: { matchLabels: { 'app.kubernetes.io/component': 'http' } },
    egress: [
      {
        ports: [{ port: 443, protocol: 'TCP' }],
        to: [{ ipBlock: { cidr: '0.0.0.0/0', except: VALUES.networkPolicy.privateRanges } }],
      },
      { ports: [{ port: 8443, protocol: 'TCP' }], to: [PEERS.shop] },
    ],
  });
  // Policies add up: the one of all others would open its ports to this pod as well.
  const ofOthers = everything.find(
    ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'baton-internet',
  );
  expect(ofOthers?.spec).toMatchObject({
    podSelector: { matchExpressions: [{ operator: 'NotIn', values: ['migrate', 'http'] }] },
  });
});

test('metrics and a collector are reached where they are named, and by nobody else', () => {
  const rulesOf = (manifests: readonly Manifest[]) =>
    new Map(
      manifests.filter(({ kind }) => kind === 'NetworkPolicy').map(({ metadata, spec }) => [metadata.name, spec]),
    );
  const rules = rulesOf(everything);
  expect([...rules.keys()].filter((name) => !rulesOf(plain).has(name))).toEqual([
    'baton-http',
    'baton-metrics',
    'baton-telemetry',
  ]);
  expect(rules.get('baton-metrics')).toMatchObject({
    ingress: [{ ports: [{ port: 'health', protocol: 'TCP' }], from: [PEERS.prometheus] }],
  });
  expect(rules.get('baton-telemetry')).toMatchObject({
    egress: [{ ports: [{ port: 4318, protocol: 'TCP' }], to: [PEERS.collector] }],
  });
});

test('what says why something is not reached is said after an installation', () => {
  const [first, second] = renderings.map((files) => files['NOTES.txt']);
  for (const name of ['gatewayFrom', 'metricsFrom', 'telemetryTo']) {
    expect(first).toContain(`networkPolicy.${name}`);
    expect(second).not.toContain(`networkPolicy.${name}`);
  }
});
