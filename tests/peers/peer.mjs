// One whom the server speaks HTTPS with: it keeps what it was asked, answers by `answer(request)`, and can be told
// to behave badly.
import https from 'node:https';
import net from 'node:net';

// What a peer in trouble does with a request that it has read whole.
const troubles = {
  500: (response) => response.writeHead(500, { 'content-type': 'text/html' }).end('<html>down</html>'),
  hang: () => {},
  reset: (response) => response.socket._parent.resetAndDestroy(), // the TCP socket below: TLS cannot
  long: (response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(`{"text":"${'x'.repeat(10 << 20)}"}`),
  garbled: (response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"Response":{"SendStatusSet":[{"Code":'),
};

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

export class Peer {
  // `now` gives the moment that the server's clock shows, in milliseconds.
  constructor({ now = Date.now } = {}) {
    this.now = now;
    this.requests = [];
    this.trouble = null; // a name of `troubles`, from now on
    this.mishap = null; // (request) => null, or {trouble, taken}: what becomes of this one, taken before or not
    this.delay = null; // (request) => how long an answer takes, in milliseconds
    this.waiting = [];
    this.held = null; // [{socket, go}]: nobody is answered until letGo()
  }

  hold() {
    this.held = [];
  }

  letGo() {
    for (const { go } of this.held) go();
    this.held = null;
  }

  async start(authority) {
    this.server = https.createServer(authority.identity, (request, response) =>
      this.serve(request, response).catch(() => {}),
    );
    this.server.on('tlsClientError', () => {});
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.port = this.server.address().port;
    this.endpoint = `https://127.0.0.1:${this.port}`;
    return this;
  }

  async serve(request, response) {
    const body = await bodyOf(request);
    const seen = { method: request.method, url: new URL(request.url, this.endpoint), headers: request.headers, body };
    this.requests.push(seen);
    for (const wake of this.waiting.splice(0)) wake();
    if (this.held) await new Promise((go) => this.held.push({ socket: request.socket, go }));
    // What it does before it fails is its own affair: some have taken the message by then.
    const { trouble = this.trouble, taken = false } = this.mishap?.(seen) ?? {};
    if (trouble && !taken) return troubles[trouble](response, seen);
    const { status = 200, json, text = JSON.stringify(json), headers = {} } = this.answer(seen);
    if (trouble) return troubles[trouble](response, seen);
    // A message is taken before its answer arrives: here is where a server may die.
    if (this.delay) await new Promise((resolve) => setTimeout(resolve, this.delay(seen)));
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
  }

  // Waits until `holds()`, looking after every request.
  async until(holds, what = 'what a peer waits for') {
    const late = setTimeout(() => this.waiting.splice(0).forEach((wake) => wake(what)), 60000);
    while (!holds()) {
      const why = await new Promise((resolve) => this.waiting.push(resolve));
      if (why) throw new Error(`never: ${why}`);
    }
    clearTimeout(late);
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

// One who takes every connection and never says a word, not even of TLS.
export class Mute {
  held = [];

  async start() {
    this.server = net.createServer((socket) => {
      socket.on('error', () => {}).resume();
      this.held.push({ socket });
    });
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.endpoint = `https://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  stop() {
    for (const { socket } of this.held) socket.destroy();
    return new Promise((resolve) => this.server.close(resolve));
  }
}
