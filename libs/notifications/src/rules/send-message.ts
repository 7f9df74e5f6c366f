import { type PostPorts, post } from '../http/post.js';
import { type MailServer, mailer } from './mail.js';
import type { LeasedMessage, OfMessage } from './messages.js';
import { type Rendered, render } from './render.js';

export interface ChannelPorts extends PostPorts {
  /** Null: there is none. */
  readonly mailServer: MailServer | null;
  /** What rules refer to, by name. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Where people reach the dashboard, without a slash at its end. */
  readonly publicUrl: string;
}

/** Sends a message to where its rule says. @throws only the reason of `stopped` */
export async function sendMessage(
  message: LeasedMessage,
  ports: ChannelPorts,
  stopped: AbortSignal,
): Promise<OfMessage> {
  const { channel, messageId, notices, rule } = message;
  if (channel === null) return again(`this orchestrator cannot read the rule ${rule}`);
  const rendered = render(notices, rule, ports.publicUrl);
  if (channel.type === 'slack') return toSlack(channel.urlFrom, rendered, ports, stopped);
  const { mailServer } = ports;
  if (mailServer === null)
    return again('no mail server is set: give the orchestrators BATON_SMTP_URL and BATON_SMTP_FROM');
  return mailer(mailServer, ports.timeoutMs).send(messageId, channel.to, rendered);
}

const again = (error: string): OfMessage => ({ status: 'again', error });

/** Where a refusal is for good: the URL is over. */
const GONE: readonly number[] = [403, 404, 410];

async function toSlack(
  reference: string,
  { slack }: Rendered,
  ports: ChannelPorts,
  stopped: AbortSignal,
): Promise<OfMessage> {
  const url = ports.secrets[reference];
  if (url === undefined) return again(`not set: give the orchestrators ${reference}`);
  if (!URL.canParse(url)) return again(`${reference} is not a URL`);
  const headers = { 'content-type': 'application/json', 'user-agent': 'Baton-Notifications/1' };
  const answer = await post({ url, headers, body: JSON.stringify({ text: slack }) }, ports, stopped);
  if (answer.type === 'unanswered') return again(answer.error);
  const { status, text } = answer;
  if (status >= 200 && status < 300) return { status: 'delivered', error: null };
  const error = `answered ${status}${text === '' ? '' : `: ${text.slice(0, 200)}`}`;
  return GONE.includes(status) ? { status: 'failed', error } : again(error);
}
