// From a file that somebody chose to a picture on a canvas: upright, turned, and no larger than is of use.
import { Problem } from '../../shared/api.ts';
import { t } from '../../shared/language.ts';

const sideMost = 3000; // pixels: A4 at 250 dpi, and what an old phone still has memory for

export const refusal = (key: string, parameters: Record<string, unknown> = {}) => new Problem(0, key, t(key, parameters));

function formatOf(head: Uint8Array): 'jpeg' | 'png' | 'heic' | 'pdf' | 'unknown' {
  const text = String.fromCharCode(...head);
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (text.startsWith('\x89PNG')) return 'png';
  if (text.startsWith('%PDF-')) return 'pdf';
  if (/^....ftyp(hei[cxms]|hev[cx]|m[is]f1)/s.test(text)) return 'heic';
  return 'unknown';
}

export type Picture = { image: HTMLImageElement; width: number; height: number; file: File; jpeg: boolean };

async function decoded(file: File): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

/** A browser that can show the file can use it, HEIC as well; one that cannot says what to do instead. */
export async function pictureRead(file: File): Promise<Picture> {
  const format = formatOf(new Uint8Array(await file.slice(0, 16).arrayBuffer()));
  if (file.size === 0) throw refusal('picture.empty');
  if (format === 'pdf') throw refusal('picture.pdf');
  try {
    const image = await decoded(file);
    return { image, width: image.naturalWidth, height: image.naturalHeight, file, jpeg: format === 'jpeg' };
  } catch {
    if (format === 'heic') throw refusal('picture.heic');
    throw refusal(format === 'unknown' ? 'picture.unknown' : 'picture.unreadable');
  }
}

/** Drawn with that many quarter turns, the longer side at most `most` pixels. */
export function pictureDraw({ image, width, height }: Picture, turns: number, most = sideMost): HTMLCanvasElement {
  const scale = Math.min(1, most / Math.max(width, height));
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = turns % 2 ? [h, w] : [w, h];
  const pen = canvas.getContext('2d');
  if (!pen) throw refusal('picture.memory');
  pen.imageSmoothingQuality = 'high';
  pen.translate(canvas.width / 2, canvas.height / 2);
  pen.rotate((turns * Math.PI) / 2);
  pen.drawImage(image, -w / 2, -h / 2, w, h);
  return canvas;
}

export const tooLargeToKeep = (picture: Picture) => Math.max(picture.width, picture.height) > sideMost;
