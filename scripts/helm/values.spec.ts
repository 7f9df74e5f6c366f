import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { chart, EVERYTHING, HALF_WAY, VALUES } from './testing/given-values.js';
import { withValues } from './values.mjs';

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
    ['a worker of requests that may ask nobody', { http: { enabled: true } }],
    ['no worker at least', { workerAutoscaling: { minReplicas: 0 } }],
    ['a database whose name would leave the URL', { database: { name: 'baton?user=x' } }],
  ])('with %s are refused', (_, values) => {
    expect(fits(values)).toBe(false);
  });
});
