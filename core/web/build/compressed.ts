// Writes each file of the build compressed beside itself, where that makes it smaller: the server has no compressor.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const forms = {
  '.br': (bytes: Buffer) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  '.gz': (bytes: Buffer) => gzipSync(bytes, { level: 9 }),
};

function compress(file: string) {
  const bytes = readFileSync(file);
  for (const [ending, form] of Object.entries(forms)) {
    const smaller = form(bytes);
    if (smaller.length < bytes.length) writeFileSync(file + ending, smaller);
  }
}

export function compressed(): Plugin {
  let folder: string;
  return {
    name: 'compressed',
    apply: 'build',
    configResolved: (config) => { folder = config.build.outDir; },
    closeBundle() {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
        if (entry.isFile()) compress(join(entry.parentPath, entry.name));
    },
  };
}
