export { type Mailbox, openMailbox } from './mailbox.js';
export { openReceiver, type Receiver, type Reply, reply } from './receiver.js';
