/**
 * Reads a PNG into pixels of four bytes. Small on purpose: it knows beforehand how many bytes the image must inflate
 * to and refuses one byte more or less, which a general decoder does not.
 */
import { inflateSync } from 'node:zlib';

export interface Pixels {
  width: number;
  height: number;
  /** Red, green, blue, opacity. */
  rgba: Uint8Array;
}

const MAX_PIXELS = 4_000_000;
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const DEPTHS: Record<number, readonly number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
/** Adam7: first column, first row, step across, step down. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

interface Header {
  width: number;
  height: number;
  depth: number;
  color: number;
  interlaced: boolean;
}

/** Null where the bytes are no complete PNG within the limits. */
export function readPng(bytes: Uint8Array): Pixels | null {
  if (SIGNATURE.some((byte, at) => bytes[at] !== byte)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: Header | null = null;
  let palette: Uint8Array | null = null;
  let transparency: Uint8Array | null = null;
  const parts: Uint8Array[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (at + 12 + length > bytes.length) return null;
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (name === 'IHDR') header = readHeader(data);
    if (header === null) return null;
    if (name === 'PLTE') palette = data;
    if (name === 'tRNS') transparency = data;
    if (name === 'IDAT') parts.push(data);
    if (name === 'IEND') break;
    at += 12 + length;
  }
  if (header === null || (header.color === 3 && (palette === null || palette.length % 3 !== 0))) return null;
  const passes = passesOf(header);
  const expected = passes.reduce((total, pass) => total + pass.height * (1 + pass.stride), 0);
  let raw: Buffer;
  try {
    raw = inflateSync(Buffer.concat(parts), { maxOutputLength: expected });
  } catch {
    return null;
  }
  if (raw.length !== expected) return null;
  return decode(header, passes, raw, palette, transparency);
}

function readHeader(data: Uint8Array): Header | null {
  if (data.length !== 13) return null;
  const view = new DataView(data.buffer, data.byteOffset, 13);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, color, compression, filter, interlace] = data.subarray(8);
  if (width < 1 || height < 1 || width * height > MAX_PIXELS) return null;
  if (!DEPTHS[color!]?.includes(depth!) || compression !== 0 || filter !== 0 || interlace! > 1) return null;
  return { width, height, depth: depth!, color: color!, interlaced: interlace === 1 };
}

interface Pass {
  left: number;
  top: number;
  across: number;
  down: number;
  width: number;
  height: number;
  /** Bytes of a row. */
  stride: number;
}

function passesOf(header: Header): Pass[] {
  const bits = header.depth * CHANNELS[header.color]!;
  const steps = header.interlaced ? PASSES : ([[0, 0, 1, 1]] as const);
  return steps
    .map(([left, top, across, down]) => {
      const width = Math.max(0, Math.ceil((header.width - left) / across));
      const height = width === 0 ? 0 : Math.max(0, Math.ceil((header.height - top) / down));
      return { left, top, across, down, width, height, stride: Math.ceil((width * bits) / 8) };
    })
    .filter((pass) => pass.height > 0);
}

function decode(
  header: Header,
  passes: readonly Pass[],
  raw: Uint8Array,
  palette: Uint8Array | null,
  transparency: Uint8Array | null,
): Pixels | null {
  const channels = CHANNELS[header.color]!;
  const back = Math.max(1, (header.depth * channels) >> 3);
  const rgba = new Uint8Array(header.width * header.height * 4);
  let at = 0;
  for (const pass of passes) {
    let before = new Uint8Array(pass.stride);
    for (let row = 0; row < pass.height; row++) {
      const filter = raw[at]!;
      if (filter > 4) return null;
      const current = raw.subarray(at + 1, at + 1 + pass.stride);
      unfilter(filter, current, before, back);
      for (let column = 0; column < pass.width; column++) {
        const to = ((pass.top + row * pass.down) * header.width + pass.left + column * pass.across) * 4;
        if (!writePixel(rgba, to, current, column, header, channels, palette, transparency)) return null;
      }
      before = current as Uint8Array<ArrayBuffer>;
      at += 1 + pass.stride;
    }
  }
  return { width: header.width, height: header.height, rgba };
}

function unfilter(filter: number, row: Uint8Array, above: Uint8Array, back: number): void {
  for (let at = 0; at < row.length; at++) {
    const left = at >= back ? row[at - back]! : 0;
    const up = above[at]!;
    if (filter === 1) row[at] = row[at]! + left;
    else if (filter === 2) row[at] = row[at]! + up;
    else if (filter === 3) row[at] = row[at]! + ((left + up) >> 1);
    else if (filter === 4) row[at] = row[at]! + paeth(left, up, at >= back ? above[at - back]! : 0);
  }
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

function writePixel(
  rgba: Uint8Array,
  to: number,
  row: Uint8Array,
  column: number,
  header: Header,
  channels: number,
  palette: Uint8Array | null,
  transparency: Uint8Array | null,
): boolean {
  const sample = (channel: number): number => {
    const index = column * channels + channel;
    if (header.depth === 16) return row[index * 2]!;
    if (header.depth === 8) return row[index]!;
    const bit = index * header.depth;
    return (row[bit >> 3]! >> (8 - header.depth - (bit & 7))) & ((1 << header.depth) - 1);
  };
  rgba[to + 3] = 255;
  if (header.color === 3) {
    const index = sample(0);
    if (index * 3 + 2 >= palette!.length) return false;
    for (let channel = 0; channel < 3; channel++) rgba[to + channel] = palette![index * 3 + channel]!;
    if (transparency && index < transparency.length) rgba[to + 3] = transparency[index]!;
    return true;
  }
  const scale = header.depth < 8 ? 255 / ((1 << header.depth) - 1) : 1;
  const grey = header.color === 0 || header.color === 4;
  for (let channel = 0; channel < 3; channel++) rgba[to + channel] = sample(grey ? 0 : channel) * scale;
  if (header.color === 4) rgba[to + 3] = sample(1);
  if (header.color === 6) rgba[to + 3] = sample(3);
  // One colour told as transparent, in eight-bit images (the usual case).
  if (transparency && header.depth === 8 && (header.color === 0 || header.color === 2)) {
    const match = [0, 1, 2].every(
      (channel) => transparency[(header.color === 0 ? 0 : channel) * 2 + 1] === rgba[to + channel],
    );
    if (match) rgba[to + 3] = 0;
  }
  return true;
}
