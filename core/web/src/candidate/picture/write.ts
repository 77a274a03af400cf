// From a canvas to the JPEG that is uploaded. Only cut, scaled and compressed, never retouched (S8).
import { pictureDraw, refusal, tooLargeToKeep, type Picture } from './read.ts';

const scanMost = 3 * 1024 * 1024; // bytes: what is smaller goes as it is

function jpegOf(canvas: HTMLCanvasElement, quality: number): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(refusal('picture.memory'))), 'image/jpeg', quality);
  });
}

/** A page or a card: as it is where it can go so, else turned and made smaller. */
export async function scanOf(picture: Picture, turns: number): Promise<Blob> {
  if (turns % 4 === 0 && picture.jpeg && picture.file.size <= scanMost && !tooLargeToKeep(picture)) return picture.file;
  return jpegOf(pictureDraw(picture, turns), 0.88);
}

// ---- Portrait: 25 by 35, 40,000 to 81,920 bytes ----

export const proportion = 25 / 35;
const bytesLeast = 41000;
const bytesMost = 81000;
const widths = [413, 354, 295, 500, 600, 800, 1000]; // one inch at 420 dpi first; smaller, then larger ones if that will not do
const widthLeast = 295;

/** The part that is cut out, in pixels of the canvas it is cut from. */
export type Cut = { x: number; y: number; width: number; height: number };

/** The largest part of the right proportion, made `zoom` times smaller and moved by parts of what is left over. */
export function cutOf(canvas: { width: number; height: number }, zoom: number, across: number, down: number): Cut {
  const width = Math.min(canvas.width, canvas.height * proportion) / zoom;
  const height = width / proportion;
  return { x: (canvas.width - width) * across, y: (canvas.height - height) * down, width, height };
}

function cutDraw(from: HTMLCanvasElement, cut: Cut, width: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = Math.round(width / proportion);
  const pen = canvas.getContext('2d');
  if (!pen) throw refusal('picture.memory');
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(from, cut.x, cut.y, cut.width, cut.height, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/**
 * A small picture, at once: toBlob() waits until the browser is idle, up to a second each time, and the right size is found
 * by trying.
 */
function jpegNow(canvas: HTMLCanvasElement, quality: number): Blob {
  const [, base64] = canvas.toDataURL('image/jpeg', quality).split(',');
  if (!base64) throw refusal('picture.memory');
  return new Blob([Uint8Array.from(atob(base64), (each) => each.charCodeAt(0))], { type: 'image/jpeg' });
}

/** The best quality at which the picture has few enough bytes; null if even the worst has too many. */
function fitted(canvas: HTMLCanvasElement): Blob | null {
  let [low, high] = [0.5, 1];
  let best: Blob | null = null;
  for (let tries = 0; tries < 7; tries++) {
    const quality = tries === 0 ? 1 : (low + high) / 2;
    const blob = jpegNow(canvas, quality);
    if (blob.size <= bytesMost) [best, low] = [blob, quality];
    else high = quality;
    if (best && quality === 1) break;
  }
  return best;
}

export function portraitOf(from: HTMLCanvasElement, cut: Cut): Blob {
  const most = Math.floor(cut.width);
  if (most < widthLeast) throw refusal('picture.small', { width: most, least: widthLeast });
  // Never larger than the original is: that would be invented detail.
  for (const width of [...new Set(widths.map((each) => Math.min(each, most)))]) {
    const blob = fitted(cutDraw(from, cut, width));
    if (blob && blob.size >= bytesLeast) return blob;
  }
  throw refusal('picture.plain');
}
