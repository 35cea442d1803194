// Joins a ticket with socket.io-client and prints what arrives, one JSON line per event, until its input is closed.
// Usage: node ticket_peer.mjs <folder of node_modules> <base> <ticket id> <user id> [token]
import { createRequire } from 'node:module';

const [modules, base, ticketId, userId, token] = process.argv.slice(2);
const { io } = createRequire(`${modules}/`)('socket.io-client');

const say = (event, data) => console.log(JSON.stringify({ event, data }));
const socket = io(base, { transports: ['websocket'], auth: token ? { token } : undefined });

socket.on('connect', () => {
  say('connect', null);
  socket.emit('join_ticket', { ticket_id: ticketId, user_id: userId });
});
socket.onAny((event, data) => say(event, data));
socket.on('connect_error', (error) => say('connect_error', String(error)));
socket.on('disconnect', (reason) => say('disconnect', reason));

process.stdin.resume();
process.stdin.on('end', () => {
  socket.close();
  process.exit(0);
});
