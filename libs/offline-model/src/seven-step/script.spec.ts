import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { isSafePath } from './paths.js';
import { readRequirements } from './requirements.js';
import { Language, readEdition, readScript, SCRIPT_NAMES } from './script.js';
import { subjectOf } from './subject.js';

const scripts = await Promise.all(SCRIPT_NAMES.map(readScript));

describe.each(scripts.map((script) => [script.name, script] as const))('the script %s', (name, script) => {
  test.each(Language.options)('plans exactly the files that its %s edition has', async (language) => {
    const files = await readEdition(name, language);
    const planned = script.editions[language].files.map(({ path }) => path);
    expect(planned.toSorted()).toEqual(files.map(({ path }) => path));
    expect(planned.every(isSafePath)).toBe(true);
    expect(planned).toContain(script.editions[language].landmark);
  });

  test.each(Language.options)(
    'has mistakes that fit its %s edition: one in the code, one in the README',
    async (language) => {
      const files = new Map((await readEdition(name, language)).map(({ path, content }) => [path, content]));
      const { mistakes } = script.editions[language];
      for (const { file, find } of mistakes) expect(files.get(file)?.split(find)).toHaveLength(2);
      expect(mistakes.map(({ file }) => file === 'README.md')).toEqual([false, true]);
    },
  );

  test('forgets nothing in its first plan that the whole plan does not have', () => {
    const { forgets, components, testPlan, risks, editions } = script;
    expect(components.map((component) => component.name)).toEqual(expect.arrayContaining(forgets.components));
    expect(testPlan).toEqual(expect.arrayContaining(forgets.testPlan));
    expect(risks).toEqual(expect.arrayContaining(forgets.risks));
    for (const { interfaces } of [editions.typescript, editions.python]) {
      expect(interfaces.map((entry) => entry.name)).toEqual(expect.arrayContaining(forgets.interfaces));
    }
  });
});

test('the script for the shipped example knows each of its points, and each by another answer', async () => {
  const path = new URL('../../../../examples/requirements/tabular-preprocessing.md', import.meta.url);
  const text = await readFile(path, 'utf8');
  const { script, points } = subjectOf(text, 'typescript', scripts);
  expect(script.name).toBe('tabular-preprocessing');
  expect(points).toHaveLength(readRequirements(text).points.length);
  expect(points.filter(({ answer }) => answer === null)).toEqual([]);
  expect(new Set(points.map(({ answer }) => answer)).size).toBe(points.length);
});

test('a script that is not there is an error that says where it was sought', async () => {
  await expect(readScript('no-such-script')).rejects.toMatchObject({
    code: 'offline-script-missing',
    message: expect.stringContaining('no-such-script'),
  });
});
