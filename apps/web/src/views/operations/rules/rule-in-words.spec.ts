import { describe, expect, test } from 'vitest';
import { channelInWords, runsInWords, timesInWords } from './rule-in-words.js';

describe('a rule in words', () => {
  test('says where people are told, and never what a secret is', () => {
    expect(channelInWords({ channel: { type: 'email', to: ['ada@example.org', 'bo@example.org'] } })).toBe(
      'ada@example.org, bo@example.org',
    );
    expect(channelInWords({ channel: { type: 'slack', urlFrom: 'BATON_NOTIFY_TEAM' } })).toBe(
      'channel of BATON_NOTIFY_TEAM',
    );
  });

  test('says of which runs', () => {
    expect(runsInWords({ workflows: null, statuses: null, labels: {} })).toBe('all workflows');
    expect(runsInWords({ workflows: ['report'], statuses: ['failed', 'cancelled'], labels: { team: 'red' } })).toBe(
      'report; ended failed or cancelled; team=red',
    );
  });

  test('says when', () => {
    expect(timesInWords({ digestMinutes: 0, quiet: null, remind: null })).toBe('at once');
    const quiet = { from: '22:00', to: '07:00', timeZone: 'UTC', days: ['sunday' as const] };
    expect(timesInWords({ digestMinutes: 15, quiet, remind: { everyMinutes: 30, most: 3 } })).toBe(
      'together, each 15 min; not 22:00–07:00 (UTC); nor on sunday; approvals again each 30 min, 3 times at most',
    );
  });
});
