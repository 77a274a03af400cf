// Reading printed papers back: what a telephone would see on them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// The text of the QR code on a PDF's first page.
export function scanned(pdf) {
  const folder = mkdtempSync(join(tmpdir(), 'kaowu-paper-'));
  try {
    const page = join(folder, 'page');
    writeFileSync(`${page}.pdf`, pdf);
    execFileSync('pdftoppm', ['-r', '150', '-gray', '-singlefile', `${page}.pdf`, page]);
    const options = ['-q', '--nodbus', '--raw', '-Sdisable', '-Sqrcode.enable'];
    return execFileSync('zbarimg', [...options, `${page}.pgm`], { encoding: 'utf8' }).trim();
  } finally {
    rmSync(folder, { recursive: true });
  }
}
