// A table as spreadsheets save it: comma-separated, in UTF-8 or, as Chinese Windows does, in GB18030.

export function decoded(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** Rows of cells; quoted cells may hold commas, line breaks and doubled quotes. Of an empty row no cell is left. */
export function rowsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/g)) {
    row.push((quoted?.replaceAll('""', '"') ?? plain).trim());
    if (end === ',') continue;
    rows.push(row.some(Boolean) ? row : []);
    row = [];
  }
  return rows;
}
