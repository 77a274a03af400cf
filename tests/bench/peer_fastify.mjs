// The same work as Fastify does it: peer_fastify.mjs [--list FILE] [--database FILE --tape RECORDING].
//
// Statements are prepared once, and a write is one commit, durable before its answer: what its documentation shows, and what
// a careful author writes. Rules, sealing and the audit's hashes are not asked of it: their results are in the recording.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import Fastify from 'fastify';

const string = { type: 'string' };
const { values: options } = parseArgs({ options: { list: string, database: string, tape: string, reads: { type: 'boolean' } } });
const app = Fastify({ keepAliveTimeout: 600000 });
const application = '/t/:slug/api/v1/applications/:id';

app.get('/healthz', async () => ({}));

if (options.list) {
  const body = options.list === '{}' ? '{}' : readFileSync(options.list, 'utf8');
  app.get('/t/:slug/api/v1/plans', (request, reply) => reply.type('application/json').send(body));
}

if (options.tape) {
  const { Database } = await import('./peer_tape.mjs');
  const database = new Database(options.database, options.tape);
  app.get(application, (request, reply) => reply.send(database.read(request.params.id)));
  app.post(`${application}/submit`, (request, reply) => reply.send(database.write(request.params.id)));
}

await app.listen({ port: 0, host: '127.0.0.1', backlog: 1024 });
console.log(`listening on 127.0.0.1:${app.server.address().port}`);
