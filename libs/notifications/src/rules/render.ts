import { type Anomaly, Notification } from '@baton/contracts';

/** One thing that is told, in words: `url` is where to look. */
interface Told {
  readonly headline: string;
  readonly facts: readonly string[];
  readonly url: string;
}

/** A message as it is sent: to a mailbox, or to a channel. */
export interface Rendered {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly slack: string;
}

const MOST_OF_A_SUBJECT = 150;

/*
 * Titles and names are those of runs, so anybody's: they stand in one line, and where a form has signs of its own, they are escaped.
 */

/** @param publicUrl where people reach the dashboard, without a slash at its end */
export function render(
  notices: readonly { readonly type: string; readonly body: string }[],
  rule: string,
  publicUrl: string,
): Rendered {
  const told = notices.map((notice) => tell(notice, publicUrl));
  const [first] = told;
  const subject = told.length === 1 && first !== undefined ? first.headline : `${told.length} notifications of Baton`;
  const footer = `Sent by the rule ${rule} of Baton, ${publicUrl}`;
  return {
    subject: oneLine(subject).slice(0, MOST_OF_A_SUBJECT).toWellFormed(),
    text: [...told.map(({ headline, facts, url }) => [headline, ...facts, url].join('\n')), footer].join('\n\n'),
    html: [...told.map(toHtml), `<p><small>${escapeHtml(footer)}</small></p>`].join('\n'),
    slack: told.map(toSlack).join('\n'),
  };
}

function tell({ type, body }: { readonly type: string; readonly body: string }, publicUrl: string): Told {
  if (type === 'notification.test') {
    return { headline: 'A test of Baton: notifications of this rule arrive here', facts: [], url: publicUrl };
  }
  const notification = Notification.parse(JSON.parse(body));
  const { data } = notification;
  const run = 'runId' in data && data.runId !== null ? `${publicUrl}/runs/${data.runId}` : null;
  const url =
    'approvalId' in data
      ? `${publicUrl}/approvals?id=${encodeURIComponent(data.approvalId)}`
      : (run ?? `${publicUrl}/operations`);
  return { headline: headlineOf(notification), facts: factsOf(notification), url };
}

function headlineOf(notification: Notification): string {
  const { data } = notification;
  const run = 'workflow' in data && data.workflow !== null ? `a run of ${data.workflow}` : 'a run';
  switch (notification.type) {
    case 'approval.requested':
    case 'approval.reminded':
    case 'approval.escalated': {
      const { title } = notification.data;
      return `${ASKED[notification.type]}: ${title === null ? run : oneLine(title)}`;
    }
    case 'run.finished':
      return `${capital(run)} ${ENDED[notification.data.status]}`;
    case 'run.parked':
      return `${capital(run)} stands still`;
    case 'budget.warning':
      return `${capital(run)} has nearly used up its budget`;
    case 'budget.exhausted':
      return `${capital(run)} has used up its budget`;
    case 'dead-letter.recorded':
      return notification.data.source === 'schedule'
        ? `The schedule ${oneLine(notification.data.name)} was stopped: its maker may start its runs no more`
        : 'A message could not be taken';
    case 'anomaly.detected':
      return notification.data.anomalies.some(({ measure }) => measure === 'failures')
        ? `Runs of ${oneLine(notification.data.workflow)} fail more often than before`
        : `${capital(run)} was unlike those before it`;
    case 'webhook.test':
      return 'A test of Baton';
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function factsOf({ timestamp, data, ...notification }: Notification): readonly string[] {
  const facts = [`At: ${timestamp}`];
  if ('workflow' in data && data.workflow !== null) facts.push(`Workflow: ${oneLine(data.workflow)}`);
  if ('runId' in data && data.runId !== null) facts.push(`Run: ${data.runId}`);
  if ('dueAt' in data && data.dueAt !== null) facts.push(`Until: ${data.dueAt}`);
  if ('error' in data && data.error !== null) facts.push(`Error: ${oneLine(data.error)}`);
  if ('limit' in data) facts.push(`${notification.type}: ${data.used} of ${data.limit} ${data.kind}`);
  if ('anomalies' in data) facts.push(...data.anomalies.map(factOfAnomaly));
  if ('source' in data && data.source !== 'schedule')
    facts.push(`Message: ${oneLine(data.name)} of ${oneLine(data.source)}`);
  if ('deadLetterId' in data) facts.push(`Dead letter: ${data.deadLetterId}`);
  return facts;
}

/** As `Duration: 640 s, where 62 s is usual (of 143 runs; of usual ones at most 2.1 % are taken for unusual)`. */
function factOfAnomaly({ measure, value, windowSize, median, sampleSize, falseAlarmRate }: Anomaly): string {
  const { name, say } = MEASURES[measure];
  const rate = `${(100 * falseAlarmRate).toFixed(1)} %`;
  const newest = windowSize === null ? '' : ` of the newest ${windowSize}`;
  return `${name}: ${say(value)}${newest}, where ${say(median)} is usual (of ${sampleSize} runs; of usual ones at most ${rate} are taken for unusual)`;
}

const plain = (value: number): string => `${Math.round(value * 100) / 100}`;
const MEASURES: Readonly<Record<Anomaly['measure'], { readonly name: string; readonly say: typeof plain }>> = {
  duration: { name: 'Duration', say: (ms) => `${plain(ms / 1_000)} s` },
  cost: { name: 'Cost', say: (usd) => `$${usd.toFixed(4)}` },
  rounds: { name: 'Rounds', say: plain },
  score: { name: 'Score', say: plain },
  disagreement: { name: 'Judges that differ from tools', say: plain },
  errors: { name: 'Failed attempts', say: plain },
  failures: { name: 'Runs that failed', say: (share) => `${plain(100 * share)} %` },
};

const ASKED = {
  'approval.requested': 'Approval wanted',
  'approval.reminded': 'Approval still wanted',
  'approval.escalated': 'Approval wanted, and nobody answered',
} as const;
const ENDED = { succeeded: 'succeeded', failed: 'failed', cancelled: 'was cancelled' } as const;

/** No line break, and nothing else that a header or a terminal would take for more than a letter. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const toHtml = ({ headline, facts, url }: Told): string =>
  `<p><strong>${escapeHtml(headline)}</strong><br>${facts.map((fact) => `${escapeHtml(fact)}<br>`).join('')}<a href="${escapeHtml(url)}">${escapeHtml(url)}</a></p>`;

/** Slack has three signs of its own, with which links, people and whole channels are named. */
const escapeSlack = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const toSlack = ({ headline, facts, url }: Told): string =>
  `<${encodeURI(decodeURI(url))}|${escapeSlack(headline).replaceAll('|', '¦')}>\n${facts.map((fact) => `> ${escapeSlack(fact)}`).join('\n')}`.trimEnd();
