// Orders to the machine that a server runs on (shim.c): which call fails, is the disk full, how late is it, does a
// resolver answer.
import { closeSync, existsSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../http/deployment.mjs';

const shim = join(build, 'tests-fault', 'fault_shim.so');
const kinds = { none: 0, disk: 1, allocation: 2 };
const ways = { error: 0, full: 1, short: 2 };
const places = { kind: 0, position: 8, way: 16, count: 24, fired: 32, full: 40, clock: 48, deaf: 56 };

// `./dev fault` asks for everything; otherwise a sample.
export const long = process.env.KAOWU_FAULT === 'long';
// Minutes that one part of the long run may take.
export const minutes = Number(process.env.KAOWU_FAULT_MINUTES ?? 10);

export class Machine {
  constructor(root) {
    if (!existsSync(shim)) throw new Error(`${shim} is missing: this needs a build without sanitizers (KAOWU_BUILD)`);
    this.folder = mkdtempSync(join(tmpdir(), 'kaowu-machine-'));
    this.path = join(this.folder, 'orders');
    this.file = openSync(this.path, 'w+');
    for (const name of Object.keys(places)) this.write(name, 0);
    this.env = { LD_PRELOAD: shim, KAOWU_FAULT_ORDERS: this.path, KAOWU_FAULT_ROOT: root };
  }

  write(name, value) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    writeSync(this.file, bytes, 0, 8, places[name]);
  }

  read(name) {
    const bytes = Buffer.alloc(8);
    readSync(this.file, bytes, 0, 8, places[name]);
    return Number(bytes.readBigInt64LE());
  }

  // From now on calls of that kind are counted, and the one at `position` fails.
  arm(kind, position, way = 'error') {
    this.write('kind', kinds.none);
    for (const name of ['count', 'fired']) this.write(name, 0);
    this.write('way', ways[way]);
    this.write('position', position);
    this.write('kind', kinds[kind]);
  }

  // How many calls there were, and whether one failed.
  disarm() {
    this.write('kind', kinds.none);
    return { count: this.read('count'), fired: this.read('fired') > 0 };
  }

  fill() { this.write('full', 1); }
  free() { this.write('full', 0); }
  shift(ms) { this.write('clock', ms); }
  deafen() { this.write('deaf', 1); }

  remove() {
    closeSync(this.file);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
