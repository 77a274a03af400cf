// A centre's database as it would be had it never had a later migration than the first: the same rows, what later ones
// added left out. And whether every row of such a one is in the database of today.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './deployment.mjs';

const program = `
import hashlib, os, sqlite3, sys
act, today, first_day, script = sys.argv[1:]
name, sql = os.path.basename(script), open(script, 'rb').read()

def tables(db):
    return [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'migration'")]

def rows(db, table, columns):
    return sorted(map(repr, db.execute('SELECT %s FROM %s' % (columns, table))))

def columns(db, table):
    return ', '.join('"%s"' % row[1] for row in db.execute('PRAGMA table_info(%s)' % table))

old, new = sqlite3.connect(first_day), sqlite3.connect(today)
if act == 'make':
    old.executescript('PRAGMA page_size = 8192; PRAGMA journal_mode = WAL;' + sql.decode())
    old.execute('CREATE TABLE migration (file TEXT PRIMARY KEY NOT NULL, sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL)')
    old.execute('INSERT INTO migration VALUES (?, ?, 0)', (name, hashlib.sha256(sql).hexdigest()))
    old.execute('ATTACH ? AS today', (today,))
    for table in tables(old):
        wanted = columns(old, table)
        old.execute('INSERT INTO main.%s (%s) SELECT %s FROM today.%s' % (table, wanted, wanted, table))
    old.commit()
count = 0
for table in tables(old):
    wanted = columns(old, table)
    found = rows(old, table, wanted)
    assert found == rows(new, table, wanted), table
    count += len(found)
print(count)
`;

const script = join(root, 'schemas', 'sql', 'tenant_0001_start.sql');
const run = (act, today, firstDay) =>
  Number(execFileSync('python3', ['-c', program, act, today, firstDay, script], { encoding: 'utf8' }));

// Both give how many rows there are.
export const firstDayMake = (today, path) => run('make', today, path);
export const firstDayKept = (today, path) => run('compare', today, path);
