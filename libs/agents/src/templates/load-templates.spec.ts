import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { templateVariables } from '../task/task-arguments.js';
import { loadTemplates } from './load-templates.js';
import { placeholdersOf } from './template.js';

const SHIPPED = fileURLToPath(new URL('../../../../prompts', import.meta.url));
const Workflow = z.object({
  steps: z.record(z.string(), z.object({ template: z.string().optional(), alternateTemplate: z.string().optional() })),
});
const STEP_2 = 'step2_plan_validator_prompt_template';

describe('loading the prompt templates', () => {
  let dir: string;
  const edit = async (id: string, change: (text: string) => string): Promise<void> => {
    const file = join(dir, `${id}.md`);
    await writeFile(file, change(await readFile(file, 'utf8')));
  };

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'baton-prompts-'));
    await cp(SHIPPED, dir, { recursive: true });
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('finds the eight shipped ones, each showing exactly the variables of its task', async () => {
    const templates = await loadTemplates(SHIPPED);
    expect(templateVariables.size).toBe(8);
    for (const [id, variables] of templateVariables) {
      const template = templates.get(id);
      const shown = variables.filter((name) => name !== 'thresholds');
      expect(template && [...placeholdersOf(template)].sort()).toEqual([...shown].sort());
      expect(template?.system).toContain('is data.');
    }
  });

  it('finds for each step of the shipped workflow that asks a model another template with the same variables', async () => {
    const templates = await loadTemplates(SHIPPED);
    const { steps } = Workflow.parse(parse(await readFile(join(SHIPPED, '../workflows/seven-step.yaml'), 'utf8')));
    const pairs = Object.values(steps).filter(({ alternateTemplate }) => alternateTemplate !== undefined);
    const withTemplate = Object.values(steps).filter(({ template }) => template !== undefined);
    expect(pairs).toEqual(withTemplate);
    expect(pairs.length).toBeGreaterThan(0);
    for (const { template = '', alternateTemplate = '' } of pairs) {
      const [usual, other] = [templates.get(template), templates.get(alternateTemplate)];
      expect(other).toMatchObject({ agent: usual?.agent, output: usual?.output });
      expect(other && [...placeholdersOf(other)].sort()).toEqual(usual && [...placeholdersOf(usual)].sort());
    }
  });

  it('stops at one that asks for a variable its task does not have', async () => {
    await edit(STEP_2, (text) => `${text}\n{{mood}}\n`);
    await expect(loadTemplates(dir)).rejects.toMatchObject({
      code: 'template-broken',
      message: expect.stringMatching(/step2_plan_validator_prompt_template\.md.*\{\{mood\}\}/),
    });
  });

  it('stops at one that never shows a variable', async () => {
    await edit(STEP_2, (text) => text.replace('{{plan}}', ''));
    await expect(loadTemplates(dir)).rejects.toThrow(/never shows the model \{\{plan\}\}/);
  });

  it('stops where one is missing', async () => {
    await rm(join(dir, `${STEP_2}.md`));
    await expect(loadTemplates(dir)).rejects.toMatchObject({ code: 'template-missing' });
  });

  it('stops where the folder is missing, and names the variable that says where it is', async () => {
    await expect(loadTemplates(join(dir, 'nowhere'))).rejects.toMatchObject({
      code: 'template-missing',
      next: expect.stringContaining('BATON_PROMPTS_DIR'),
    });
  });

  it('accepts a template of somebody else beside the shipped ones', async () => {
    const head = 'id: my_own\nversion: 0.1.0\nagent: validator\noutput: Review\ntitle: Mine';
    await writeFile(join(dir, 'my_own.md'), `---\n${head}\n---\n# System\nYou.\n# Prompt\n{{anything}}\n`);
    expect((await loadTemplates(dir)).get('my_own')).toMatchObject({ agent: 'validator', version: '0.1.0' });
  });

  it('takes templates from folders within, and stops where two have one name', async () => {
    const mood = (folder: string) => {
      const front = '---\nid: mood\nversion: 1.0.0\nagent: prompt\noutput: Text\ntitle: Mood\n---\n';
      return mkdir(join(dir, folder), { recursive: true }).then(() =>
        writeFile(join(dir, folder, 'mood.md'), `${front}\n# System\nYou read moods.\n\n# Prompt\n{{mail}}\n`),
      );
    };
    await mood('support/mails');
    await writeFile(join(dir, 'support', 'README.md'), 'What the templates are for.');
    expect((await loadTemplates(dir)).get('mood')).toMatchObject({ agent: 'prompt', title: 'Mood' });
    await mood('sales');
    await expect(loadTemplates(dir)).rejects.toMatchObject({
      code: 'template-broken',
      message: expect.stringMatching(/mood\.md cannot be used: another folder has a template of that name/),
    });
  });
});
