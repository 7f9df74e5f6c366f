import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseWorkflowDocument, type WorkflowDocument } from '@baton/workflow';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkTemplates } from './check-templates.js';
import { type KnownTemplates, readKnownTemplates } from './known-templates.js';

const ROOT = resolve(import.meta.dirname, '../../../..');
let known: KnownTemplates;
beforeAll(async () => {
  known = await readKnownTemplates([join(ROOT, 'prompts')]);
});

function documentOf(json: unknown): WorkflowDocument {
  const parsed = parseWorkflowDocument(JSON.parse(JSON.stringify(json)));
  if (!parsed.ok) throw new Error(parsed.findings.map(({ message }) => message).join('; '));
  return parsed.document;
}
const withStep = (step: object, kind = 'validator', around: object = {}): WorkflowDocument =>
  documentOf({
    ...{ name: 'test', version: '1.0.0', title: 'Test' },
    steps: { Check: { number: 1, title: 'Check', ...step } },
    definition: {
      QueryLanguage: 'JSONata',
      StartAt: 'P',
      States: {
        P: {
          Type: 'Parallel',
          End: true,
          Branches: [
            { StartAt: 'Check', States: { Check: { Type: 'Task', Resource: `baton:worker:${kind}`, End: true } } },
          ],
        },
      },
    },
    ...around,
  });
const found = (document: WorkflowDocument): readonly string[] =>
  checkTemplates(document, known).map(({ severity, pointer, message }) => `${severity} ${pointer}: ${message}`);

const STEP2 = 'step2_plan_validator_prompt_template';

test('no workflow that ships names a template that does not fit', () => {
  expect(known.get(STEP2)).toEqual({ agent: 'validator', output: 'Review' });
  const files = readdirSync(join(ROOT, 'workflows')).filter((name) => name.endsWith('.yaml'));
  expect(files.length).toBeGreaterThan(5);
  for (const file of files) {
    expect(found(documentOf(parse(readFileSync(join(ROOT, 'workflows', file), 'utf8')))), file).toEqual([]);
  }
});

describe('a template of a step', () => {
  test('that does not ship is a warning, with what was probably meant', () => {
    expect(found(withStep({ template: 'step2_plan_validator_promt_template' }))).toEqual([
      `warning /steps/Check/template: no template step2_plan_validator_promt_template ships: it has to be in the prompts folder of the validator (BATON_PROMPTS_DIR). Did you mean "${STEP2}"?`,
    ]);
  });
  test('of another worker is an error, also as the other one', () => {
    const wrong =
      'error /steps/Check/alternateTemplate: the template step4_programmer_prompt_template is for the programmer, and this goes to the validator';
    expect(found(withStep({ template: STEP2, alternateTemplate: 'step4_programmer_prompt_template' }))).toEqual([
      wrong,
    ]);
  });
  test('that is the other one too is a warning', () => {
    expect(found(withStep({ template: STEP2, alternateTemplate: STEP2 }))[0]).toMatch(/^warning .*changes nothing$/);
  });
  test('with another answer than the first is an error', () => {
    const other = new Map(known).set('own', { agent: 'validator', output: 'Essay' });
    const findings = checkTemplates(withStep({ template: STEP2, alternateTemplate: 'own' }), other);
    expect(findings).toMatchObject([{ severity: 'error', code: 'template-misfit' }]);
  });
  test('of a worker of somebody else is theirs', () => {
    expect(found(withStep({ template: 'anything' }, 'greeter'))).toEqual([]);
  });
  test('is not judged where no folder of templates is there', async () => {
    const none = await readKnownTemplates([join(ROOT, 'no-such-folder')]);
    expect(checkTemplates(withStep({ template: 'anything' }), none)).toEqual([]);
  });
});

test('the template that an advisor is asked with is held to the advisor', () => {
  const decisions = { mode: 'hybrid', at: [], advice: { template: STEP2 } };
  expect(found(withStep({}, 'validator', { decisions }))).toEqual([
    `error /decisions/advice/template: the template ${STEP2} is for the validator, and this goes to the advisor`,
  ]);
});

test('the template in the arguments of a state is held to its worker as well, where no expression gives it', () => {
  const asking = (template: string): WorkflowDocument =>
    documentOf({
      ...{ name: 'test', version: '1.0.0', title: 'Test' },
      definition: {
        QueryLanguage: 'JSONata',
        StartAt: 'Ask',
        States: { Ask: { Type: 'Task', Resource: 'baton:worker:prompt', Arguments: { template }, End: true } },
      },
    });
  const at = '/definition/States/Ask/Arguments/template';
  expect(found(asking('build_website_codr'))[0]).toMatch(`warning ${at}: no template build_website_codr ships`);
  expect(found(asking(STEP2))[0]).toMatch(`error ${at}: the template ${STEP2} is for the validator`);
  expect(found(asking('build_website_coder'))).toEqual([]);
  expect(found(asking('{% $states.input.template %}'))).toEqual([]);
});
