import { innerMachines, type StateMachine, successorsOf } from '@baton/asl';
import { lintMachine } from '@baton/workflow';
import { machineArbitrary, pathMachineArbitrary } from '@baton/workflow/testing/runs';
import fc from 'fast-check';
import { expect, inject, test } from 'vitest';
import { documentOfMachine } from './testing/document-with.js';
import { readMermaid } from './testing/read-mermaid.js';
import { toMermaid } from './to-mermaid.js';
import { toText } from './to-text.js';

const isLong = inject('effort') === 'long';

const document = fc
  .oneof(
    { weight: 3, arbitrary: machineArbitrary('S', 2).map((machine) => ({ QueryLanguage: 'JSONata', ...machine })) },
    { weight: 1, arbitrary: pathMachineArbitrary('S') },
  )
  .map((machine) => documentOfMachine(machine));

/** Names of a definition are unique, so these say which lines there must be. */
function expected(machine: StateMachine): { readonly states: readonly string[]; readonly ways: readonly string[] } {
  const parts = Object.entries(machine.States).map(([name, state]) => {
    const inner = innerMachines(state);
    const below = inner.map((each) => expected(each.machine));
    return {
      states: [name, ...below.flatMap(({ states }) => states)],
      ways: [
        ...successorsOf(state).map((to) => `${name} to ${to}`),
        ...inner.map((each) => `${name} into ${each.machine.StartAt}`),
        ...below.flatMap(({ ways }) => ways),
      ],
    };
  });
  return { states: parts.flatMap(({ states }) => states).sort(), ways: parts.flatMap(({ ways }) => ways).sort() };
}

function machineOf(given: Parameters<typeof lintMachine>[0]): StateMachine {
  const parsed = lintMachine(given);
  if (!parsed.ok) throw new Error('the definition has errors');
  return parsed.machine;
}

test('in Mermaid every state and every transition of any definition appears exactly once', () => {
  fc.assert(
    fc.property(document, (given) => {
      const { nodes, edges } = readMermaid(toMermaid(given));
      const nameOf = (id: string) => nodes.get(id);
      const ways = edges.map(({ from, to, line }) => `${nameOf(from)} ${line === '==>' ? 'into' : 'to'} ${nameOf(to)}`);
      expect({ states: [...nodes.values()].sort(), ways: ways.sort() }).toEqual(expected(machineOf(given)));
    }),
    { numRuns: isLong ? 200 : 60 },
  );
});

test('in text every state and every transition of any definition appears exactly once', () => {
  fc.assert(
    fc.property(document, (given) => {
      const states: string[] = [];
      const ways: string[] = [];
      // The state at each indent: what stands deeper belongs to it.
      const at = new Map<number, string>();
      for (const line of toText(given).trimEnd().split('\n').slice(3)) {
        const [, indent = '', name, from, to] =
          /^( *)(?:(\S+) \(.*\)|(next|default|when .*|catch .*|start) → (\S+)|.*)$/.exec(line) ?? [];
        if (name !== undefined) {
          states.push(name);
          at.set(indent.length, name);
        } else if (from === 'start') ways.push(`${at.get(indent.length - 4)} into ${to}`);
        else if (from !== undefined) ways.push(`${at.get(indent.length - 2)} to ${to}`);
      }
      expect({ states: states.sort(), ways: ways.sort() }).toEqual(expected(machineOf(given)));
    }),
    { numRuns: isLong ? 200 : 60 },
  );
});

test('any text at all can be the name of a state', () => {
  const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter((text) => text !== '__proto__');
  fc.assert(
    fc.property(name, (text) => {
      const given = documentOfMachine({
        QueryLanguage: 'JSONata',
        StartAt: text,
        States: { [text]: { Type: 'Succeed' } },
      });
      expect(readMermaid(toMermaid(given)).nodes.size).toBe(1);
      expect(toText(given).split('\n')).toHaveLength(6);
    }),
    { numRuns: isLong ? 500 : 150 },
  );
});
