/**
 * A logo that somebody uploaded, made safe to draw: a PNG is decoded here within fixed limits and made small, a JPEG
 * is checked segment by segment. Whatever is no such image is left out of the document, with a warning.
 *
 * Always true: nothing larger than the limits is ever inflated or drawn, so a "bomb" costs nothing; only grey and RGB
 * come out, as PDF/A wants beside an sRGB profile.
 */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { readPng } from './png.ts';

export const MAX_LOGO_BYTES = 1_048_576;
const MAX_JPEG_SIDE = 6000;
/** A logo is drawn 160 points wide at most: this is 360 dots per inch. */
const DRAWN_SIDE = 800;

export type Logo =
  | { kind: 'jpeg'; width: number; height: number; bytes: Uint8Array }
  | { kind: 'pixels'; width: number; height: number; colors: Buffer; alpha: Buffer | null };

const prepared = new Map<string, Logo | null>();

/** The logo ready to draw, or null where the bytes are no PNG or JPEG that may be drawn. Kept by content. */
export function prepareLogo(bytes: Uint8Array): Logo | null {
  if (bytes.length === 0 || bytes.length > MAX_LOGO_BYTES) return null;
  const key = createHash('sha256').update(bytes).digest('base64');
  let logo = prepared.get(key);
  if (logo === undefined) {
    logo = bytes[0] === 0xff ? readJpeg(bytes) : fromPng(bytes);
    if (prepared.size >= 50) prepared.clear();
    prepared.set(key, logo);
  }
  return logo;
}

function fromPng(bytes: Uint8Array): Logo | null {
  const image = readPng(bytes);
  if (!image) return null;
  const factor = Math.max(1, Math.ceil(Math.max(image.width, image.height) / DRAWN_SIDE));
  const width = Math.max(1, Math.floor(image.width / factor));
  const height = Math.max(1, Math.floor(image.height / factor));
  const colors = Buffer.alloc(width * height * 3);
  const alpha = Buffer.alloc(width * height);
  let opaque = true;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // Averages factor × factor pixels, colours weighted by how opaque they are.
      const sums = [0, 0, 0];
      let seen = 0;
      for (let dy = 0; dy < factor; dy++) {
        for (let dx = 0; dx < factor; dx++) {
          const at = ((y * factor + dy) * image.width + x * factor + dx) * 4;
          const weight = image.rgba[at + 3]!;
          for (let channel = 0; channel < 3; channel++) sums[channel]! += image.rgba[at + channel]! * weight;
          seen += weight;
        }
      }
      const to = y * width + x;
      for (let channel = 0; channel < 3; channel++)
        colors[to * 3 + channel] = seen === 0 ? 255 : Math.round(sums[channel]! / seen);
      alpha[to] = Math.round(seen / (factor * factor));
      if (alpha[to] !== 255) opaque = false;
    }
  }
  return {
    kind: 'pixels',
    width,
    height,
    colors: deflateSync(colors, { level: 9 }),
    alpha: opaque ? null : deflateSync(alpha, { level: 9 }),
  };
}

/** Baseline or progressive, eight bits, grey or colour, complete from its first marker to its last. */
function readJpeg(bytes: Uint8Array): Logo | null {
  if (bytes[1] !== 0xd8) return null;
  const word = (at: number) => (bytes[at]! << 8) | bytes[at + 1]!;
  let size: { width: number; height: number } | null = null;
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = word(at + 2);
    if (length < 2 || at + 2 + length > bytes.length) return null;
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      const components = bytes[at + 9];
      if (marker > 0xc2 || bytes[at + 4] !== 8 || size !== null) return null;
      if (components !== 1 && components !== 3) return null;
      size = { height: word(at + 5), width: word(at + 7) };
      if (size.width < 1 || size.height < 1) return null;
      if (size.width > MAX_JPEG_SIDE || size.height > MAX_JPEG_SIDE) return null;
    }
    if (marker === 0xda) {
      const ended = bytes[bytes.length - 2] === 0xff && bytes[bytes.length - 1] === 0xd9;
      return size !== null && ended ? { kind: 'jpeg', ...size, bytes } : null;
    }
    at += 2 + length;
  }
  return null;
}
