import { describe, expect, it } from 'vitest';
import { parseTemplate, placeholdersOf } from './template.js';

const text = (changes: { readonly head?: string; readonly system?: string; readonly prompt?: string } = {}) => `---
${changes.head ?? 'id: a_template\nversion: 1.0.0\nagent: planner\noutput: Plan\ntitle: A template'}
---

# System

${changes.system ?? 'You are a planner.'}

# Prompt

${changes.prompt ?? 'Round {{round}}:\n\n{{requirements}}\n'}
`;

const reasonOf = (source: string, fileName = 'a_template.md'): string => {
  try {
    parseTemplate(fileName, source);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'accepted';
};

describe('a prompt template', () => {
  it('is taken apart into text, blocks and inline values', () => {
    const template = parseTemplate('a_template.md', text());
    expect(template).toMatchObject({
      id: 'a_template',
      agent: 'planner',
      output: 'Plan',
      system: 'You are a planner.',
    });
    expect(template.parts).toEqual([
      { type: 'text', text: 'Round ' },
      { type: 'inline', name: 'round' },
      { type: 'text', text: ':\n\n' },
      { type: 'block', name: 'requirements' },
    ]);
    expect(placeholdersOf(template)).toEqual(['round', 'requirements']);
  });

  it('may have the line ends of Windows', () => {
    expect(reasonOf(text().replaceAll('\n', '\r\n'))).toBe('accepted');
  });

  it.each([
    ['has no front matter', '# System\n\nx\n\n# Prompt\n\ny\n', 'front matter'],
    ['has no Prompt part', text().replace('# Prompt', '# Other'), '# Prompt'],
    ['has front matter that is not YAML', text({ head: 'id: [' }), 'not YAML'],
    ['has front matter that is no object', text({ head: 'just text' }), 'must be an object'],
    ['has a version that is none', text().replace('1.0.0', 'one'), 'version'],
    ['has an unknown agent', text().replace('agent: planner', 'agent: poet'), 'agent'],
    ['has an unknown output', text().replace('output: Plan', 'output: Poem'), 'expected one of Plan'],
    ['has a field that nobody knows', text().replace('title:', 'titel: x\ntitle:'), 'titel'],
    ['has a placeholder in its System part', text({ system: 'You know {{everything}}.' }), 'System'],
    ['has an empty System part', text({ system: '' }), 'empty'],
    ['has a placeholder that is no name', text({ prompt: '{{ not a name }}' }), '{{ not a name }}'],
    ['has a placeholder that is not closed', text({ prompt: 'x {{name' }), 'without its partner'],
    ['shows a block twice', text({ prompt: '{{a}}\n{{a}}' }), 'twice'],
    ['has a section nobody knows', text({ prompt: 'x\n{{#mood}}\ny\n{{/mood}}' }), 'there is no section {{#mood}}'],
    [
      'has a section twice',
      text({ prompt: '{{#windDown}}\ny\n{{/windDown}}\n{{#windDown}}\ny\n{{/windDown}}' }),
      'twice',
    ],
    ['has a section that is not closed', text({ prompt: 'x\n{{#windDown}}\ny' }), '{{#windDown}}'],
    ['has a section within a line', text({ prompt: 'x {{#windDown}} y {{/windDown}}' }), '{{#windDown}}'],
    ['has a placeholder in a section', text({ prompt: 'x\n{{#windDown}}\n{{a}}\n{{/windDown}}' }), 'no placeholder'],
    ['does not show the error', text({ prompt: 'x\n{{#previousError}}\ny\n{{/previousError}}' }), '{{previousError}}'],
  ])('that %s is refused, with its file and the reason', (_, source, reason) => {
    expect(reasonOf(source)).toContain(reason);
    expect(reasonOf(source)).toContain('a_template.md');
  });

  it('keeps its sections apart, and what they show is not for the task to give', () => {
    const prompt = 'x\n{{#previousError}}\n\nIt failed:\n{{previousError}}\n{{/previousError}}\n{{last}}';
    const template = parseTemplate('a_template.md', text({ prompt }));
    expect(template.parts).toEqual([
      { type: 'text', text: 'x' },
      {
        type: 'section',
        name: 'previousError',
        parts: [
          { type: 'text', text: '\n\nIt failed:\n' },
          { type: 'block', name: 'previousError' },
        ],
      },
      { type: 'text', text: '\n' },
      { type: 'block', name: 'last' },
    ]);
    expect(placeholdersOf(template)).toEqual(['last']);
  });

  it('must have the name of its file as its id', () => {
    expect(reasonOf(text(), 'b_template.md')).toContain('its id is a_template');
  });
});
