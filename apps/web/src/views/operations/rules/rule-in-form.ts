import type { Schemas } from '../../../api/api.js';
import { nameOfZone } from '../../../parts/days.js';
import { wordsIn } from '../words-in.js';

/** What a form says of a rule; what is wrong with it the gateway says. */
export function ruleInForm(form: FormData): Schemas['CreateRuleBody'] {
  const text = (name: string): string => String(form.get(name) ?? '').trim();
  const workflows = wordsIn(form.get('workflows'));
  const [from, to] = [text('from'), text('until')];
  const everyMinutes = Number(text('remind'));
  return {
    name: text('name'),
    channel:
      text('type') === 'slack'
        ? { type: 'slack', urlFrom: text('urlFrom') }
        : { type: 'email', to: wordsIn(form.get('to')) },
    events: ['approval.requested', 'run.finished'],
    labels: {},
    digestMinutes: Number(text('digest')),
    ...(workflows.length === 0 ? {} : { workflows }),
    // One of both alone is sent as well: that it is not enough the gateway says.
    ...(from === '' && to === '' ? {} : { quiet: { from, to, timeZone: nameOfZone('local'), days: [] } }),
    ...(everyMinutes === 0 ? {} : { remind: { everyMinutes, most: 3 } }),
  };
}
