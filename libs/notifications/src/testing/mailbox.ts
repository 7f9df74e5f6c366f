import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** One mail as it came: whom the server was told that it is for, and what is in it. */
interface ReceivedMail {
  readonly to: readonly string[];
  readonly mail: ParsedMail;
}

/** A real mail server on 127.0.0.1 that keeps what came. */
export interface Mailbox {
  readonly url: string;
  readonly received: readonly ReceivedMail[];
  close(): Promise<void>;
}

/**
 * @param refuse what it says to a recipient; null: it takes the mail
 * @param onTaken what happens once it has a mail, before it says so
 */
export async function openMailbox(
  refuse: () => { readonly code: number; readonly text: string } | null = () => null,
  onTaken: () => Promise<void> = async () => {},
): Promise<Mailbox> {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo: (_address, _session, callback) => {
      const refusal = refuse();
      if (refusal === null) callback();
      else callback(Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
    },
    onData: (stream, session, callback) => {
      simpleParser(stream)
        .then((mail) => {
          received.push({ to: session.envelope.rcptTo.map(({ address }) => address), mail });
          return onTaken();
        })
        .then(() => callback(), callback);
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    received,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Addresses of a header. */
export const addressesIn = (header: AddressObject | AddressObject[] | undefined): readonly string[] =>
  [header ?? []].flat().flatMap(({ value }) => value.map(({ address }) => address ?? ''));
