// The first sheet of an .xlsx file. Loaded only when somebody has chosen one.
import { strFromU8, unzipSync, zipSync } from 'fflate';
import { readSheet } from 'read-excel-file/universal';
import { t } from '../../shared/language.ts';
import { longNumber, TableFault } from './table.ts';

const most = 16 * 1024 * 1024; // unpacked
const mostCells = 1_000_000; // up to the last one, the empty ones as well
const long = Symbol('more than 15 digits');

// A number has 15 digits that mean something; what stands behind them is noise (680.00000000000011), what stands before them is lost.
const numberOf = (raw: string): string | typeof long => {
  const value = Number(raw);
  return Math.abs(value) >= 1e15 ? long : String(Number(value.toPrecision(15)));
};

// Beijing's day, as the sheet has it: it knows no zones.
const textOf = (cell: unknown): string => (cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell ?? '').trim());

// A..Z are 1 to 26, and AA is 27.
const columnOf = (letters: string) => [...letters].reduce((sum, letter) => 26 * sum + letter.charCodeAt(0) - 64, 0);

// The reader makes the whole square up to the last cell, wherever that is: one that stands alone at the sheet's end would take all of
// the memory there is.
function expectWithin(xml: string) {
  let rows = 0;
  let columns = 0;
  for (const [, letters, row] of xml.matchAll(/<(?:\w+:)?c\s(?:[^>]*\s)?r\s*=\s*["']([A-Z]+)(\d+)["']/gi)) {
    rows = Math.max(rows, Number(row));
    columns = Math.max(columns, columnOf(letters.toUpperCase()));
  }
  if (rows * columns > mostCells) throw new TableFault(t('table.large'));
}

// The reader unpacks large parts in a worker made from a blob: address, which the content policy forbids, and without any limit. So it
// gets the parts unpacked.
function unpacked(bytes: ArrayBuffer): ArrayBuffer {
  let size = 0;
  const parts = unzipSync(new Uint8Array(bytes), {
    filter: ({ name, originalSize }) => {
      const wanted = /\.xml(\.rels)?$/.test(name);
      if (wanted) size += originalSize;
      if (size > most) throw new TableFault(t('table.large'));
      return wanted;
    },
  });
  for (const part of Object.values(parts)) expectWithin(strFromU8(part));
  return zipSync(parts, { level: 0 }).buffer as ArrayBuffer;
}

async function cellsOf(bytes: ArrayBuffer) {
  try {
    return await readSheet(unpacked(bytes), { parseNumber: numberOf });
  } catch (error) {
    throw error instanceof TableFault ? error : new TableFault(t('table.unreadable'));
  }
}

/** Rows of cells, as csv.ts gives them. */
export async function rowsOf(bytes: ArrayBuffer): Promise<string[][]> {
  const rows = await cellsOf(bytes);
  for (const [row, cells] of rows.entries()) {
    const column = (cells as unknown[]).indexOf(long);
    if (column >= 0) throw longNumber(row, column);
  }
  return rows.map((cells) => cells.map(textOf)).map((cells) => (cells.some(Boolean) ? cells : []));
}
