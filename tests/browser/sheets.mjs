// Small .xlsx files as a spreadsheet saves them. Python packs them: what reads them in the pages had no hand in it.
import { execFileSync } from 'node:child_process';
import { Buffer } from 'node:buffer';

const pack = `
import base64, io, json, sys, zipfile
parts = json.load(sys.stdin)
out = io.BytesIO()
with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as archive:
    for name, text in parts.items():
        archive.writestr(name, text)
print(base64.b64encode(out.getvalue()).decode())
`;
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';
const kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

// A text is kept as text, a number as the number that is written.
const cell = (value, row, column) => {
  const place = `${String.fromCharCode(65 + column)}${row + 1}`;
  return typeof value === 'string' ? `<c r="${place}" t="inlineStr"><is><t>${value}</t></is></c>` : `<c r="${place}"><v>${value.number}</v></c>`;
};

export const number = (digits) => ({ number: digits });

// `more`: rows as they are written, behind the others.
export function sheet(name, rows, more = '') {
  const lines = rows.map((cells, row) => `<row r="${row + 1}">${cells.map((value, column) => cell(value, row, column)).join('')}</row>`);
  const parts = {
    '[Content_Types].xml': `${head}<Types xmlns="${packages}/content-types">`
      + '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
      + '<Default Extension="xml" ContentType="application/xml"/>'
      + `<Override PartName="/xl/workbook.xml" ContentType="${kind}.sheet.main+xml"/>`
      + `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${kind}.worksheet+xml"/></Types>`,
    '_rels/.rels': `${head}<Relationships xmlns="${packages}/relationships">`
      + `<Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${head}<Relationships xmlns="${packages}/relationships">`
      + `<Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `${head}<worksheet xmlns="${main}"><sheetData>${lines.join('')}${more}</sheetData></worksheet>`,
  };
  const packed = execFileSync('python3', ['-c', pack], { input: JSON.stringify(parts), encoding: 'utf8' });
  return { name, mimeType: `${kind}.sheet`, buffer: Buffer.from(packed, 'base64') };
}
