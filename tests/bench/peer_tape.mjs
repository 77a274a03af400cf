// What record.c has written, as node:sqlite plays it.
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const valueOf = (value) => (value?.blob === undefined ? value : Buffer.from(value.blob, 'hex'));

export class Database {
  statements = [];
  requests = new Map();

  constructor(file, tapes) {
    this.db = new DatabaseSync(file);
    this.db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096');
    for (const tape of tapes.split(',')) this.learn(tape);
  }

  learn(tape) {
    const numbers = [];
    for (const line of readFileSync(tape, 'utf8').trim().split('\n').map(JSON.parse)) {
      if (line.sql) numbers[line.statement] = this.statements.push(this.db.prepare(line.sql)) - 1;
      else this.requests.set(line.id, line.steps.map(([number, values]) => [numbers[number], values.map(valueOf)]));
    }
  }

  // What the last statement found is the answer.
  play(id) {
    let found;
    for (const [number, values] of this.requests.get(id)) found = this.statements[number].all(...values);
    return found;
  }

  within(begin, id) {
    this.db.exec(begin);
    try {
      return this.play(id);
    } finally {
      this.db.exec('COMMIT');
    }
  }

  read(id) { return this.within('BEGIN', id); }

  write(id) { return this.within('BEGIN IMMEDIATE', id); }
}
