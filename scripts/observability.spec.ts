import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { findProgram } from './testing/redis.js';

/*
 * Dashboards and alert rules, by themselves. That the metrics which they name are there is seen on running services
 * (apps/e2e/src/observability.spec.ts).
 */

const run = promisify(execFile);
const infra = join(import.meta.dirname, '../infra');
const read = (path: string): string => readFileSync(join(infra, path), 'utf8');

const promtool = findProgram(['promtool'], process.env.PATH ?? '');
if (promtool === null && process.env.BATON_TEST_PROMTOOL === 'required')
  throw new Error(
    'BATON_TEST_PROMTOOL=required, but there is no promtool on the PATH. Install it: apt-get install prometheus.',
  );

const Rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string().regex(/^Baton[A-Za-z]+$/),
          expr: z.string(),
          labels: z.object({ severity: z.enum(['warning', 'critical']) }),
          annotations: z.object({ summary: z.string(), action: z.string() }),
        }),
      ),
    }),
  ),
});
const alerts = Rules.parse(parse(read('prometheus/rules.yml'))).groups.flatMap(({ rules }) => rules);

test.skipIf(promtool === null)('promtool finds the rules well, and each alert as its test says', async () => {
  const tool = promtool ?? '';
  const file = (name: string): string => join(infra, 'prometheus', name);
  await expect(run(tool, ['check', 'rules', file('rules.yml')])).resolves.toMatchObject({ stderr: '' });
  const { stdout } = await run(tool, ['test', 'rules', file('rules.test.yml')]);
  expect(stdout).toContain('SUCCESS');
  await expect(run(tool, ['check', 'config', '--syntax-only', file('prometheus.yml')])).resolves.toBeDefined();
});

test('each alert has a test in which it is raised, and one in which it is not', () => {
  const Tests = z.object({
    tests: z.array(
      z.object({ alert_rule_test: z.array(z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()) })) }),
    ),
  });
  const tried = Tests.parse(parse(read('prometheus/rules.test.yml'))).tests.flatMap((each) => each.alert_rule_test);
  const names = alerts.map(({ alert }) => alert).sort();
  const of = (isRaised: boolean): readonly string[] =>
    tried.filter(({ exp_alerts: raised }) => raised.length > 0 === isRaised).map(({ alertname }) => alertname);
  expect([...of(true)].sort()).toEqual(names);
  expect([...of(false)].sort()).toEqual(names);
});

const Dashboard = z.object({
  uid: z.string().regex(/^baton-[a-z]+$/),
  title: z.string().startsWith('Baton: '),
  templating: z.object({ list: z.array(z.object({ name: z.string(), type: z.string() })) }),
  panels: z.array(
    z.object({
      id: z.int(),
      title: z.string().min(1),
      datasource: z.object({ uid: z.string().regex(/^\$\{datasource\}$/) }),
      gridPos: z.object({ x: z.int(), y: z.int(), w: z.int().positive(), h: z.int().positive() }),
      targets: z.array(z.object({ refId: z.string(), expr: z.string().min(1) })).min(1),
    }),
  ),
});
const dashboards = readdirSync(join(infra, 'grafana')).map((name) =>
  Dashboard.parse(JSON.parse(read(`grafana/${name}`))),
);

test.each(dashboards)(
  'a dashboard asks whatever Prometheus is chosen, and its panels lie beside each other: $uid',
  (dashboard) => {
    expect(dashboard.templating.list).toMatchObject([{ name: 'datasource', type: 'datasource' }]);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)} ${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  },
);

test('dashboards have names of their own', () => {
  expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(3);
});

test.skipIf(promtool === null)('every question of a dashboard is one that Prometheus understands', async () => {
  const asked = [
    ...new Set(dashboards.flatMap(({ panels }) => panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)))),
  ];
  // As rules, all in one call: this promtool has no other way to check an expression.
  const rules = asked.map((expr, at) => ({ record: `asked:${at}`, expr }));
  const folder = await mkdtemp(join(tmpdir(), 'baton-rules-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'asked.yml');
  await writeFile(file, JSON.stringify({ groups: [{ name: 'dashboards', rules }] }));
  const { stdout } = await run(promtool ?? '', ['check', 'rules', file]);
  expect(stdout).toContain(`SUCCESS: ${asked.length} rules found`);
});

test('the composition names files that are there', () => {
  const Compose = z.object({ services: z.record(z.string(), z.object({ volumes: z.array(z.string()).default([]) })) });
  const { services } = Compose.parse(parse(read('observability/compose.yaml'), { merge: true }));
  const bound = Object.values(services).flatMap(({ volumes }) => volumes.filter((each) => each.startsWith('./infra/')));
  expect(bound.length).toBeGreaterThan(3);
  for (const volume of bound) {
    const path = (volume.split(':')[0] ?? '').slice('./infra/'.length);
    expect(readdirSync(join(infra, path, '..')), volume).toContain(path.split('/').at(-1));
  }
});
