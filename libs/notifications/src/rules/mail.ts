import { storableText, toError } from '@baton/contracts';
import { createTransport, type Transporter } from 'nodemailer';
import type { OfMessage } from './messages.js';
import type { Rendered } from './render.js';

/** The server that mail goes to, and whom it is from. */
export interface MailServer {
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  readonly url: string;
  /** An address, with a name or without. */
  readonly from: string;
}

/** Longer than any server takes that works; shorter than a lease. */
const TIMEOUT_MS = 15_000;

/** Sends mail, over a connection of its own each time. */
export function mailer(server: MailServer, timeoutMs = TIMEOUT_MS) {
  const { hostname, protocol, port, username, password } = new URL(server.url);
  const isSecure = protocol === 'smtps:';
  const transport: Transporter = createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (isSecure ? 465 : 587) : Number(port),
    secure: isSecure,
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // Nothing that is told can name a file or an address to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: (messageId: string, to: readonly string[], { subject, text, html }: Rendered): Promise<OfMessage> =>
      outcomeOf(
        transport.sendMail({
          // The same each time that it is sent: by it a mailbox knows what it has.
          messageId: `<${messageId}@baton>`,
          from: server.from,
          to: to.map((address) => ({ name: '', address })),
          subject,
          text,
          html,
          headers: { 'auto-submitted': 'auto-generated' },
        }),
      ),
  };
}

async function outcomeOf(sending: Promise<object>): Promise<OfMessage> {
  try {
    const sent = await sending;
    // Its types do not know of them.
    const refusals =
      'rejectedErrors' in sent && Array.isArray(sent.rejectedErrors) ? sent.rejectedErrors.map(refusalOf) : [];
    if (refusals.length === 0) return { status: 'delivered', error: null };
    const error = `not taken for all of them: ${refusals.map(({ said }) => said).join('; ')}`;
    // Those who have it get it once more, under the same id; the others would not get it at all.
    return { status: refusals.some(({ isForGood }) => !isForGood) ? 'again' : 'delivered', error };
  } catch (thrown) {
    const { said, isForGood } = refusalOf(thrown);
    return isForGood
      ? { status: 'failed', error: `refused by the mail server: ${said}` }
      : { status: 'again', error: `not taken by the mail server: ${said}` };
  }
}

/** What a server refuses for good it refuses each time; a password may be put right meanwhile. */
function refusalOf(thrown: unknown): { readonly said: string; readonly isForGood: boolean } {
  const error = toError(thrown);
  const isAuth = 'code' in error && error.code === 'EAUTH';
  const isPermanent = 'responseCode' in error && typeof error.responseCode === 'number' && error.responseCode >= 500;
  return { said: storableText(error.message), isForGood: isPermanent && !isAuth };
}
