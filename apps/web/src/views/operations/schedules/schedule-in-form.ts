import { JsonObject } from '@baton/contracts';
import type { Schemas } from '../../../api/api.js';
import { readJson } from '../../../parts/read-json.js';

const DAY_SECONDS = 86_400;

type Body = Schemas['CreateScheduleBody'];

/** What a form says of a schedule, or what of it cannot be sent; everything else the gateway judges. */
export function scheduleInForm(form: FormData): { readonly body: Body } | { readonly problem: string } {
  const text = (name: string): string => String(form.get(name) ?? '').trim();
  const read = readJson(text('input') === '' ? '{}' : text('input'));
  if ('problem' in read) return { problem: read.problem };
  const input = JsonObject.safeParse(read.value);
  if (!input.success) return { problem: 'The input of a run is an object.' };
  const policy = text('policy');
  const overlap = text('overlap');
  return {
    body: {
      name: text('name'),
      timing: timingIn(text),
      run: { workflow: text('workflow'), input: input.data },
      overlap: overlap === 'allow' || overlap === 'queue' ? overlap : 'skip',
      catchUp: {
        policy: policy === 'skip' || policy === 'all' ? policy : 'last',
        most: 10,
        withinSeconds: DAY_SECONDS,
      },
      jitterSeconds: 0,
    },
  };
}

function timingIn(text: (name: string) => string): Body['timing'] {
  switch (text('type')) {
    case 'interval':
      return { type: 'interval', seconds: Number(text('seconds')) };
    case 'at':
      return { type: 'at', at: timeIn(text('at')) };
    default:
      return { type: 'cron', expression: text('expression'), timeZone: text('timeZone') };
  }
}

/** A field of a date has no offset: it means the clock of whoever fills it in. */
function timeIn(local: string): string {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? local : date.toISOString();
}
