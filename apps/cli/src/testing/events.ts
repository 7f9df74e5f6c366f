import type { EventView, Json } from '@baton/contracts';

export const RUN_ID = '3f2a91c0-0000-4000-8000-000000000001';
const START = Date.parse('2026-01-01T00:00:00.000Z');

/** An event as the gateway sends it: `version` counts from 1, one a second after the other. */
export const event = (version: number, type: string, data: Json, atMs = (version - 1) * 1000): EventView => ({
  position: version,
  runId: RUN_ID,
  version,
  type,
  schemaVersion: 1,
  eventId: `00000000-0000-4000-8000-${String(version).padStart(12, '0')}`,
  causationId: null,
  correlationId: null,
  recordedAt: new Date(START + atMs).toISOString(),
  actor: { type: 'system', id: 'hub' },
  data,
  summary: `${type}.`,
});

/** A list of types and data to events in their order. */
export const events = (...list: readonly (readonly [string, Json])[]): readonly EventView[] =>
  list.map(([type, data], index) => event(index + 1, type, data));

export const startedData = {
  workflow: { name: 'two-steps', version: '1.0.0', sha256: '0' },
  document: {
    name: 'two-steps',
    phases: [{ name: 'plan', states: ['Plan', 'Check'] }],
    steps: {
      Plan: { number: 1, title: 'Initial plan' },
      Check: { number: 2, title: 'Check' },
      Tools: { number: 2, title: 'Tools' },
    },
  },
};
export const entered = (visit: number, state: string, frame = 0) => ['StateEntered', { visit, frame, state }] as const;
export const exited = (visit: number) => ['StateExited', { visit, output: {}, assign: {}, next: null }] as const;
export const scheduled = (visit: number, attempt = 1) =>
  ['TaskScheduled', { visit, resource: 'baton:worker:planner', attempt }] as const;
export const decided = (round: number, scores: Json, target: string) =>
  [
    'DecisionMade',
    {
      decision: {
        source: 'programmatic',
        actionType: 'invoke_agent',
        target,
        phase: 'plan',
        round,
        scores,
        rationale: 'because',
      },
    },
  ] as const;
export const toolReport: Json = {
  passed: false,
  language: 'typescript',
  tools: [
    { tool: 'types', status: 'passed', exitCode: 0, durationMs: 3, findings: [], reason: null },
    { tool: 'tests', status: 'failed', exitCode: 1, durationMs: 3, findings: [{ message: 'a' }], reason: null },
    { tool: 'lint', status: 'left-out', exitCode: null, durationMs: 0, findings: [], reason: 'no sandbox' },
  ],
  failing: ['tests'],
  leftOut: ['lint'],
};
