// A table that somebody chose as a file, .csv or .xlsx, as rows of texts; numbers of orders and receipts come through to the last digit,
// or not at all.
import { t } from '../../shared/language.ts';
import { decoded, rowsOf } from './csv.ts';

export interface NumberedRow { number: number; cells: string[] }

/** What is wrong with a file, in words. */
export class TableFault extends Error {}

/** The digits of a number that the spreadsheet has not kept. */
export const longNumber = (row: number, column: number) => new TableFault(t('table.long', { row: row + 1, column: column + 1 }));

const begins = (bytes: ArrayBuffer, mark: number[]) => mark.every((byte, index) => new Uint8Array(bytes)[index] === byte);
const isZip = (bytes: ArrayBuffer) => begins(bytes, [0x50, 0x4b]);
const isOld = (bytes: ArrayBuffer) => begins(bytes, [0xd0, 0xcf, 0x11, 0xe0]);

// Spreadsheets write what they have rounded as 1.23457E+17, also into a .csv.
function csvRows(bytes: ArrayBuffer): string[][] {
  const rows = rowsOf(decoded(bytes));
  for (const [row, cells] of rows.entries()) {
    const column = cells.findIndex((cell) => /^\d(\.\d+)?E\+\d+$/i.test(cell));
    if (column >= 0) throw longNumber(row, column);
  }
  return rows;
}

/** Rows with the numbers that the spreadsheet shows, without the empty ones. */
export async function tableOf(file: File): Promise<NumberedRow[]> {
  const bytes = await file.arrayBuffer();
  if (isOld(bytes)) throw new TableFault(t('table.old'));
  const rows = isZip(bytes) ? await (await import('./xlsx.ts')).rowsOf(bytes) : csvRows(bytes);
  return rows.map((cells, index) => ({ number: index + 1, cells })).filter(({ cells }) => cells.length > 0);
}
