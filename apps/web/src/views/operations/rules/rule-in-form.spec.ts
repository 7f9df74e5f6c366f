import { describe, expect, test } from 'vitest';
import { ruleInForm } from './rule-in-form.js';

function formOf(fields: Readonly<Record<string, string>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

describe('the form of a rule', () => {
  test('gives a mail at once where nothing else is said', () => {
    expect(
      ruleInForm(formOf({ name: 'ops', type: 'email', to: 'ada@example.org, bo@example.org', digest: '0' })),
    ).toEqual({
      name: 'ops',
      channel: { type: 'email', to: ['ada@example.org', 'bo@example.org'] },
      events: ['approval.requested', 'run.finished'],
      labels: {},
      digestMinutes: 0,
    });
  });

  test('gives a channel by the name of its secret, quiet hours and reminders', () => {
    const fields = { name: 'red', type: 'slack', urlFrom: 'BATON_NOTIFY_RED', workflows: 'report', digest: '15' };
    expect(ruleInForm(formOf({ ...fields, from: '22:00', until: '07:00', remind: '30' }))).toEqual({
      name: 'red',
      channel: { type: 'slack', urlFrom: 'BATON_NOTIFY_RED' },
      workflows: ['report'],
      events: ['approval.requested', 'run.finished'],
      labels: {},
      digestMinutes: 15,
      quiet: { from: '22:00', to: '07:00', timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, days: [] },
      remind: { everyMinutes: 30, most: 3 },
    });
  });

  test('leaves it to the gateway to refuse half of the quiet hours', () => {
    expect(ruleInForm(formOf({ name: 'red', type: 'email', to: 'a@b.org', digest: '0', from: '22:00' }))).toMatchObject(
      {
        quiet: { from: '22:00', to: '' },
      },
    );
  });
});
