export { type MessagesServer, message, type ReceivedRequest, startMessagesServer } from './messages-server.js';
export { request } from './sample-request.js';
