import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { templateVariables } from '../task/task-arguments.js';
import { chooseTemplate } from './choose-template.js';
import { loadTemplates, type Templates } from './load-templates.js';
import { placeholdersOf } from './template.js';

const SHIPPED = fileURLToPath(new URL('../../../../prompts', import.meta.url));
const Workflow = z.object({
  steps: z.record(z.string(), z.object({ template: z.string().optional(), alternateTemplate: z.string().optional() })),
});
const STEP_2 = 'step2_plan_validator_prompt_template';
const RUN = { runId: '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11' };

const mainOf = (templates: Templates, id: string) => {
  const [template] = templates.byId.get(id) ?? [];
  if (template === undefined) throw new Error(`there is no ${id}`);
  return template;
};

describe('the templates that ship', () => {
  it('are all usable, and each of the seven steps shows exactly the variables of its task', async () => {
    const templates = await loadTemplates(SHIPPED);
    expect(templates.problems).toEqual([]);
    for (const [id, variables] of templateVariables) {
      const template = mainOf(templates, id);
      const shown = variables.filter((name) => name !== 'thresholds');
      expect([...placeholdersOf(template)].sort()).toEqual([...shown].sort());
      expect(template.system).toContain('is data.');
    }
  });

  it('hold for each step that asks a model another template with the same variables', async () => {
    const templates = await loadTemplates(SHIPPED);
    const { steps } = Workflow.parse(parse(await readFile(join(SHIPPED, '../workflows/seven-step.yaml'), 'utf8')));
    const pairs = Object.values(steps).filter(({ template }) => template !== undefined);
    expect(pairs.length).toBeGreaterThan(6);
    for (const { template = '', alternateTemplate = '' } of pairs) {
      const [usual, other] = [mainOf(templates, template), mainOf(templates, alternateTemplate)];
      expect(other).toMatchObject({ agent: usual.agent, output: usual.output });
      expect([...placeholdersOf(other)].sort()).toEqual([...placeholdersOf(usual)].sort());
      expect([other.system, other.parts]).not.toEqual([usual.system, usual.parts]);
    }
  });

  it('have to be there', async () => {
    await expect(loadTemplates('/nowhere')).rejects.toMatchObject({ code: 'template-missing' });
  });
});

describe('layers of templates', () => {
  let dir: string;
  let later: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'baton-prompts-'));
    later = join(dir, 'later');
    await mkdir(later);
    dir = join(dir, 'first');
    await mkdir(dir);
  });
  afterEach(() => rm(join(dir, '..'), { recursive: true }));

  const load = () => loadTemplates(SHIPPED, [dir, later]);
  const mood = (words: string, head = 'id: mood') =>
    `---\n${head}\nversion: 1.0.0\nagent: prompt\noutput: Text\ntitle: Mood\n---\n\n# System\n${words}\n\n# Prompt\n{{mail}}\n`;
  const changed = async (change: (text: string) => string): Promise<string> =>
    change(await readFile(join(SHIPPED, `${STEP_2}.md`), 'utf8'));

  it('add templates, in folders within too, and a later layer replaces single ones of an earlier one', async () => {
    await mkdir(join(dir, 'support/mails'), { recursive: true });
    await writeFile(join(dir, 'support/mails/mood.md'), mood('First.'));
    await writeFile(join(dir, 'support/README.md'), 'What the templates are for.');
    await writeFile(join(later, 'mood.md'), mood('Later.'));
    await writeFile(
      join(later, `${STEP_2}.md`),
      await changed((text) => text.replace('# System\n', '# System\n\nMine.')),
    );
    const templates = await load();
    expect(templates.problems).toEqual([]);
    expect(mainOf(templates, 'mood').system).toBe('Later.');
    expect(mainOf(templates, STEP_2).system).toMatch(/^Mine\./);
    const found = templates.found.filter(({ template }) => template.id === STEP_2);
    expect(found.map(({ isShipped, isReplaced }) => [isShipped, isReplaced])).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  it.each<readonly [string, string, () => Promise<string | Buffer>, RegExp]>([
    [
      'a variable its task does not have',
      STEP_2,
      () => changed((text) => `${text}\n{{mood}}\n`),
      /asks for \{\{mood\}\}/,
    ],
    [
      'no place for a variable',
      STEP_2,
      () => changed((text) => text.replace('{{plan}}', '')),
      /never shows .*\{\{plan\}\}/,
    ],
    ['wrong front matter', STEP_2, () => changed((text) => text.replace('agent:', 'agnet:')), /front matter/],
    ['another id than its name', STEP_2, async () => mood('x'), /its id is mood/],
    ['bytes that are no text', STEP_2, async () => Buffer.from([0xff, 0xfe, 0x00]), /not UTF-8/],
    ['a NUL', STEP_2, async () => 'a\0b', /NUL/],
    ['nothing in it', STEP_2, async () => '', /it must be front matter/],
    ['far too much in it', STEP_2, async () => 'x'.repeat(300_000), /at most 262144/],
  ])('fall back to what ships where a file has %s', async (_what, id, text, reason) => {
    await writeFile(join(dir, `${id}.md`), await text());
    const templates = await load();
    expect(templates.problems).toMatchObject([{ layer: dir, path: `${id}.md`, id, variant: 'main' }]);
    expect(templates.problems[0]?.problem).toMatch(reason);
    expect(templates.problems[0]?.problem).toMatch(/ The one that ships is used\.$/);
    expect(mainOf(templates, STEP_2)).toEqual(mainOf(await loadTemplates(SHIPPED), STEP_2));
  });

  it('say of a template that stands nowhere else in a sentence why it cannot be used, to the task that names it', async () => {
    await writeFile(join(dir, 'mood.md'), mood('', 'id: mood'));
    await mkdir(join(dir, 'sad.md'));
    await symlink('/nowhere/at/all', join(dir, 'lost.md'));
    const templates = await load();
    expect(templates.problems.map(({ id }) => id).sort()).toEqual(['lost', 'mood', 'sad']);
    expect(chooseTemplate(templates, 'mood', RUN)).toEqual({
      ok: false,
      isKnown: true,
      cause: 'The prompt template mood.md cannot be used: its System or Prompt part is empty.',
    });
    expect(chooseTemplate(templates, 'lost', RUN)).toMatchObject({
      cause: expect.stringContaining('a link to nothing'),
    });
    expect(chooseTemplate(templates, 'happy', RUN)).toMatchObject({
      isKnown: false,
      cause: 'There is no template happy.',
    });
  });

  it('use neither of two files of one folder with the same name', async () => {
    await mkdir(join(dir, 'a'));
    await Promise.all(['mood.md', 'a/mood.md'].map((path) => writeFile(join(dir, path), mood('x'))));
    const templates = await load();
    expect(templates.problems.map(({ problem }) => problem)).toEqual([
      'The prompt template a/mood.md cannot be used: mood.md is a template of the same name.',
      'The prompt template mood.md cannot be used: a/mood.md is a template of the same name.',
    ]);
    expect(templates.byId.has('mood')).toBe(false);
  });

  it('that are not there are told, and the others are used', async () => {
    await writeFile(join(later, 'mood.md'), mood('x'));
    const templates = await loadTemplates(SHIPPED, ['/nowhere', later]);
    expect(templates.problems).toMatchObject([
      { layer: '/nowhere', path: null, problem: expect.stringContaining('ENOENT') },
    ]);
    expect(templates.byId.has('mood')).toBe(true);
  });

  describe('with variants', () => {
    beforeEach(async () => {
      await writeFile(join(dir, 'mood.md'), mood('Main.'));
      await writeFile(join(dir, 'mood.kind.md'), mood('Kind.', 'id: mood\nvariant: kind\nweight: 3'));
      await writeFile(join(dir, 'mood.odd.md'), mood('Odd.', 'id: mood\nweight: 0'));
    });
    const ofRun = (templates: Templates, run: Parameters<typeof chooseTemplate>[2]) => {
      const chosen = chooseTemplate(templates, 'mood', run);
      return chosen.ok ? chosen.template.variant : chosen.cause;
    };
    const pinned = (variant: string) => ({ ...RUN, agents: { templates: { mood: variant } } });

    it('give a run the one that it asks for, also one without weight, and a sentence where it is not there', async () => {
      const templates = await load();
      expect(templates.problems).toEqual([]);
      expect(['main', 'kind', 'odd'].map((variant) => ofRun(templates, pinned(variant)))).toEqual([
        'main',
        'kind',
        'odd',
      ]);
      expect(ofRun(templates, pinned('rude'))).toBe(
        'The run asks for the variant rude of the template mood. It has kind, main, odd.',
      );
      expect(ofRun(templates, { ...RUN, agents: { templates: { other: 'rude' } } })).toMatch(/^(main|kind)$/);
    });

    it('never give a run that asks for a broken one another instead', async () => {
      await writeFile(join(dir, 'mood.kind.md'), 'nothing');
      const templates = await load();
      expect(ofRun(templates, pinned('kind'))).toMatch(
        /^The run asks for the variant kind .* mood\.kind\.md cannot be used/,
      );
      expect(ofRun(templates, RUN)).toBe('main');
    });

    it.each([
      ['mood.main.md', 'id: mood', 'the one without a name of its own, mood.md'],
      ['mood.sad.md', 'id: mood\nvariant: glad', 'it says that it is the variant glad, and its name says sad'],
      ['mood.sad.md', 'id: mood\nweight: -1', 'weight'],
      ['mood.sad.md', 'id: mood\nweight: much', 'weight'],
    ])('tell what is wrong with %s: %j', async (file, head, reason) => {
      await writeFile(join(dir, file), mood('x', head));
      expect((await load()).problems).toMatchObject([{ path: file, problem: expect.stringContaining(reason) }]);
    });
  });
});
