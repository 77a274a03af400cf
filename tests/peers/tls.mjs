// A certificate authority made at run time, and a certificate of it for 127.0.0.1 and names below peer.localhost:
// whoever trusts `ca` and nobody else speaks TLS with the peers of a test as with the real ones.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const openssl = (...words) => execFileSync('openssl', words, { stdio: ['ignore', 'pipe', 'pipe'] });
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export class Authority {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'kaowu-authority-'));
    const at = (name) => join(this.folder, name);
    this.ca = at('ca.pem');
    openssl(
      'req',
      '-x509',
      ...newKey,
      '-keyout',
      at('ca.key'),
      '-out',
      this.ca,
      '-days',
      '3650',
      '-subj',
      '/CN=placeholder authority',
    );
    openssl('req', '-new', ...newKey, '-keyout', at('peer.key'), '-out', at('peer.csr'), '-subj', '/CN=127.0.0.1');
    writeFileSync(at('names'), 'subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:*.peer.localhost\n');
    openssl(
      'x509',
      '-req',
      '-in',
      at('peer.csr'),
      '-CA',
      this.ca,
      '-CAkey',
      at('ca.key'),
      '-CAcreateserial',
      '-days',
      '3650',
      '-extfile',
      at('names'),
      '-out',
      at('peer.pem'),
    );
  }

  // For https.createServer().
  get identity() {
    return { key: readFileSync(join(this.folder, 'peer.key')), cert: readFileSync(join(this.folder, 'peer.pem')) };
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
