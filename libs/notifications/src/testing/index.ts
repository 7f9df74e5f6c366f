export { openReceiver, type Received, type Receiver, type Reply, reply } from './receiver.js';
