import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScaledObject, TriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import { Ajv } from 'ajv';
import { Deployment } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { Job } from 'kubernetes-models/batch/v1';
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { PersistentVolumeClaim, Service, ServiceAccount } from 'kubernetes-models/v1';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { withValues } from './values.mjs';

/* No cluster and no `helm` run where the tests run: render.mjs says how close what is checked here comes to them. */

const root = join(import.meta.dirname, '../..');
const chart = join(root, 'infra/helm/baton');
const VALUES = parse(readFileSync(join(chart, 'values.yaml'), 'utf8'));

const peer = (name: string) => ({ namespaceSelector: { matchLabels: { name } } });
const PEERS = { ingress: peer('ingress'), prometheus: peer('prometheus'), collector: peer('collector') };

const EVERYTHING = {
  sandbox: { enabled: true },
  redis: { enabled: true },
  model: { secretName: 'models' },
  ingress: { enabled: true, className: 'nginx', tlsSecretName: 'tls', annotations: { 'a.example/b': 'say "c": d' } },
  workerAutoscaling: { enabled: true },
  gatewayAutoscaling: { enabled: true },
  signing: { accessMode: 'ReadWriteMany', storageClass: 'files' },
  networkPolicy: { gatewayFrom: [PEERS.ingress], metricsFrom: [PEERS.prometheus], telemetryTo: [PEERS.collector] },
  tolerations: [{ key: 'agents', operator: 'Exists', tolerationSeconds: 60 }],
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  podAnnotations: { 'a.example/note': 'true' },
  image: { pullSecrets: [{ name: 'registry' }] },
  env: { BATON_KEEP_BLOBS_DAYS: 7 },
};
const HALF_WAY = { image: { upTo: 'gateways', tag: '0.2.0', previousTag: '0.1.0' } };
const SECRET_REF = z.object({ secretKeyRef: z.object({ name: z.string(), key: z.string() }) });
const Env = z.object({ name: z.string(), value: z.string().optional(), valueFrom: SECRET_REF.optional() });
const Container = z.looseObject({
  name: z.string(),
  image: z.string(),
  env: z.array(Env),
  envFrom: z.array(z.unknown()).default([]),
  securityContext: z.record(z.string(), z.unknown()),
});
const Pod = z.looseObject({
  hostUsers: z.boolean().optional(),
  terminationGracePeriodSeconds: z.int().optional(),
  securityContext: z.record(z.string(), z.unknown()),
  containers: z.tuple([Container]),
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

describe('the values', () => {
  const validate = new Ajv({ allErrors: true, strict: false }).compile(
    JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')),
  );
  const fits = (values: object): boolean => validate(withValues(VALUES, values));

  test('of the chart, and those that the tests render with, fit the schema', () => {
    const open = { ingress: { enabled: true }, networkPolicy: { enabled: false } };
    for (const values of [{}, EVERYTHING, HALF_WAY, open])
      expect(fits(values), JSON.stringify(validate.errors)).toBe(true);
  });

  test.each([
    ['a name that there is not', { replica: 2 }],
    ['a secret as a variable with lower case', { env: { token: 'x' } }],
    ['half an upgrade that does not say where from', { image: { upTo: 'gateways' } }],
    ['several gateways with a volume for one', { components: { gateway: { replicas: 2 } } }],
    ['an autoscaled gateway with a volume for one', { gatewayAutoscaling: { enabled: true } }],
    ['too little time to stop in order', { terminationGracePeriodSeconds: 26 }],
    ['an Ingress whose controller may not ask the gateway', { ingress: { enabled: true } }],
    ['a KEDA that may not ask the gateway', { workerAutoscaling: { enabled: true } }],
    ['a Service for outside that the network lets nobody reach', { service: { type: 'LoadBalancer' } }],
    ['no worker at least', { workerAutoscaling: { minReplicas: 0 } }],
    ['a database whose name would leave the URL', { database: { name: 'baton?user=x' } }],
  ])('with %s are refused', (_, values) => {
    expect(fits(values)).toBe(false);
  });
});

describe('pods', () => {
  const services = [...podsOf(everything)];

  test('are those of the composition, and the migration', () => {
    expect([...podsOf(plain).keys()].sort()).toEqual([...COMPONENTS, 'migrate'].sort());
    const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true });
    const composed = Object.entries<{ build?: { target: string } }>(compose.services)
      .filter(([name, { build }]) => build?.target === name)
      .map(([name]) => name);
    expect(COMPONENTS).toEqual(expect.arrayContaining(composed));
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
    expect(logins.sort()).toEqual(isMigration ? all : [`BATON_LOGIN_${name.toUpperCase()}`]);
    expect(keys.includes('POSTGRES_PASSWORD')).toBe(isMigration);
    expect(keys.includes('BATON_TOKEN')).toBe(name === 'gateway');
    const isAgent = !isMigration && !['gateway', 'orchestrator', 'deployer'].includes(name);
    expect(envFrom.length).toBe(isAgent ? 1 : 0);
    const user = isMigration ? 'baton' : `baton_login_${name}`;
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
  expect(replicasOf(everything).filter(([, replicas]) => replicas !== undefined)).toEqual([['baton-orchestrator', 2]]);
});

test('metrics and a collector are reached where they are named, and by nobody else', () => {
  const rulesOf = (manifests: readonly Manifest[]) =>
    new Map(
      manifests.filter(({ kind }) => kind === 'NetworkPolicy').map(({ metadata, spec }) => [metadata.name, spec]),
    );
  const rules = rulesOf(everything);
  expect([...rules.keys()].filter((name) => !rulesOf(plain).has(name))).toEqual(['baton-metrics', 'baton-telemetry']);
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
