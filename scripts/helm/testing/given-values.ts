import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/* What the chart is rendered with in tests: its own values, and others over them. */

export const root = join(import.meta.dirname, '../../..');
export const chart = join(root, 'infra/helm/baton');
export const VALUES = parse(readFileSync(join(chart, 'values.yaml'), 'utf8'));

const peer = (name: string) => ({ namespaceSelector: { matchLabels: { name } } });
export const PEERS = {
  ingress: peer('ingress'),
  prometheus: peer('prometheus'),
  collector: peer('collector'),
  shop: peer('shop'),
};

export const EVERYTHING = {
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
  http: {
    enabled: true,
    hosts: 'api.example.com,shop:8443',
    secretName: 'keys',
    to: [PEERS.shop],
    ports: [443],
    toPorts: [8443],
  },
};
export const HALF_WAY = { image: { upTo: 'gateways', tag: '0.2.0', previousTag: '0.1.0' } };
