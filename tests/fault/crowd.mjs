// Those who wear a server out, in a process of their own: `node crowd.mjs PORT IDLE SLOW TOKEN PATH`.
//
// IDLE connections say nothing, SLOW ones a byte a second; beside them one floods with headers, one abandons uploads of
// PATH, and one connects, asks and leaves. Whom the server closes comes again. A line "{...}" a second tells how it
// stands.
import net from 'node:net';
import { pause } from '../http/patience.mjs';

const [port, idle, slow, token, path] = process.argv.slice(2);
const counts = { open: 0, closed: 0, refused: 0, flooded: 0, abandoned: 0, churned: 0, failed: 0 };

function open(first) {
  return new Promise((resolve) => {
    const socket = net.connect({ port: Number(port), host: '127.0.0.1' });
    socket.on('connect', () => {
      counts.open++;
      if (first) socket.write(first);
      resolve(socket);
    });
    socket.on('error', () => {
      counts.failed++;
      resolve(socket);
    });
    socket.resume();
  });
}

const closed = (socket) => new Promise((resolve) => {
  if (socket.destroyed) resolve();
  socket.on('close', resolve);
});

// Answers' first lines, as they come.
function hear(socket, status) {
  socket.on('data', (part) => {
    if (part.toString('latin1').includes(`HTTP/1.1 ${status} `)) counts.refused++;
  });
}

async function stay() {
  for (;;) {
    const socket = await open();
    await closed(socket);
    counts.open--;
    counts.closed++;
  }
}

async function trickle(order) {
  const text = `GET /t/haidian/api/v1/plans HTTP/1.1\r\nHost: a\r\nX-Order: ${order}\r\n\r\n`;
  for (;;) {
    const socket = await open(text[0]);
    hear(socket, 408);
    let at = 1;
    const timer = setInterval(() => socket.write(text[at++ % text.length]), 1000);
    await closed(socket);
    clearInterval(timer);
    counts.open--;
    counts.closed++;
  }
}

async function flood() {
  for (;;) {
    const socket = await open('GET /healthz HTTP/1.1\r\nHost: a\r\n');
    hear(socket, 431);
    for (let at = 0; at < 40 && !socket.destroyed; at++) socket.write(`X-Flood-${at}: ${'x'.repeat(1000)}\r\n`);
    await closed(socket);
    counts.open--;
    counts.flooded++;
    await pause(20);
  }
}

async function abandon() {
  const head = `PUT ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nIf-Match: "1"\r\n` +
    'Content-Type: image/jpeg\r\nContent-Length: 5000000\r\n\r\n';
  for (;;) {
    const socket = await open(head);
    socket.write(Buffer.alloc(200000));
    await pause(50);
    socket.destroy();
    counts.open--;
    counts.abandoned++;
  }
}

async function churn() {
  for (;;) {
    const socket = await open('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
    await Promise.race([new Promise((resolve) => socket.once('data', resolve)), closed(socket)]);
    socket.destroy();
    counts.open--;
    counts.churned++;
    await pause(2);
  }
}

setInterval(() => console.log(JSON.stringify(counts)), 1000);
for (let order = 0; order < Number(idle); order++) {
  stay();
  if (order % 200 === 0) await pause(10);
}
for (let order = 0; order < Number(slow); order++) trickle(order);
for (const act of [flood, abandon, churn]) act();
