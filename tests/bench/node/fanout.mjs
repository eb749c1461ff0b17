// The broadcast server that scripts/bench fanout compares with: what one client sends, every client gets.
//
//     node --expose-gc fanout.mjs PORT_FILE
//
// As the documentation of ws has it, for speed: no compression (which is also its default), and the message is passed on
// as the buffer that it came in, so that nothing is encoded or copied for a client. GET /collect collects garbage, so
// that memory in use is what is measured.
import { renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';

const [portFile] = process.argv.slice(2);

const server = createServer((request, response) => {
  if (request.url === '/collect') globalThis.gc();
  response.end('done\n');
});
const room = new WebSocketServer({ server, path: '/ws/broadcast', perMessageDeflate: false });

room.on('connection', (socket) => {
  socket.on('error', () => socket.terminate());
  socket.on('message', (data, binary) => {
    for (const client of room.clients) {
      if (client.readyState === WebSocket.OPEN) client.send(data, { binary });
    }
  });
  socket.send('Hello! Message From Server!!');
});

server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
  writeFileSync(`${portFile}.new`, `${server.address().port}\n`);
  renameSync(`${portFile}.new`, portFile);
});
