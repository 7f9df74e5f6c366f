export { openReceiver, type Receiver, type Reply, reply } from './receiver.js';
