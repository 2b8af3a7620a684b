/** Reads a PDF back the way a reader does: its text, its attachments, its metadata, what qpdf thinks of it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XmlDocument } from 'libxml2-wasm';
import { getDocument, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs';

export interface ReadPdf {
  /** One text per page, its pieces joined by spaces. */
  pages: string[];
  text: string;
  /** Where each piece of text stands: millimetres from the left and from the top, pages from 1. */
  placed: { page: number; text: string; x: number; y: number; width: number }[];
  attachments: Record<string, { filename: string; content: Uint8Array }>;
  xmp: string;
}

export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const loading = getDocument({ data: new Uint8Array(bytes), verbosity: VerbosityLevel.ERRORS, useSystemFonts: false });
  const pdf = await loading.promise;
  try {
    const pages: string[] = [];
    const placed: ReadPdf['placed'] = [];
    const mm = (points: number) => (points * 25.4) / 72;
    for (let number = 1; number <= pdf.numPages; number++) {
      const content = await (await pdf.getPage(number)).getTextContent();
      pages.push(content.items.map((item) => ('str' in item ? item.str : '')).join(' '));
      for (const item of content.items) {
        if (!('str' in item) || item.str.trim() === '') continue;
        const [, , , , x, y] = item.transform as number[];
        placed.push({ page: number, text: item.str, x: mm(x ?? 0), y: mm(841.89 - (y ?? 0)), width: mm(item.width) });
      }
    }
    const attachments = ((await pdf.getAttachments()) ?? {}) as ReadPdf['attachments'];
    const { metadata } = await pdf.getMetadata();
    return {
      pages,
      text: pages.join('\n'),
      placed,
      attachments,
      xmp: (metadata as { getRaw(): string } | null)?.getRaw() ?? '',
    };
  } finally {
    await loading.destroy();
  }
}

function present(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const qpdfPresent = present('qpdf');
if (!qpdfPresent) console.log('PDF: qpdf is not installed, its structure check is left out.');

/** What is wrong with the file, as far as it can be told without a full PDF/A validator; nothing for a good one. */
export function faultsOf(bytes: Buffer): string[] {
  const faults: string[] = [];
  const say = (bad: boolean, fault: string) => bad && faults.push(fault);
  const raw = bytes.toString('latin1');
  say(!raw.startsWith('%PDF-1.7\n%\xff\xff\xff\xff'), 'header');
  for (const wanted of ['/S /GTS_PDFA1', '/OutputIntents', '/Type /Metadata', '/ID [<'])
    say(!raw.includes(wanted), `no ${wanted}`);
  for (const unwanted of ['/DeviceCMYK', '/Encrypt', '/JavaScript', '/BaseFont /Helvetica', '/LZWDecode'])
    say(raw.includes(unwanted), unwanted);
  const fonts = raw.match(/\/Subtype \/CIDFontType2/g)?.length ?? 0;
  say(fonts === 0 || raw.match(/\/FontFile2 /g)?.length !== fonts, 'a font that is not embedded');
  say((raw.match(/\/Subtype \/Type0/g)?.length ?? 0) !== fonts, 'a font of another kind');
  const xmp = /<\?xpacket begin[\s\S]*<\?xpacket end="w"\?>/.exec(bytes.toString('utf8'))?.[0] ?? '';
  try {
    XmlDocument.fromString(xmp.replace(/<\?xpacket[^>]*\?>/g, '').trim()).dispose();
  } catch (error) {
    faults.push(`metadata: ${(error as Error).message}`);
  }
  say(
    !xmp.includes('<pdfaid:part>3</pdfaid:part>') || !xmp.includes('<pdfaid:conformance>B</'),
    'not said to be PDF/A-3b',
  );
  return [...faults, ...(qpdfPresent ? qpdfFaults(bytes) : [])];
}

function qpdfFaults(bytes: Buffer): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'echeance-pdf-'));
  try {
    const path = join(folder, 'file.pdf');
    writeFileSync(path, bytes);
    let drawn: string;
    try {
      execFileSync('qpdf', ['--check', path], { stdio: 'pipe' });
      drawn = execFileSync('qpdf', ['--qdf', path, '-'], { stdio: 'pipe', maxBuffer: 1 << 28 }).toString('latin1');
    } catch (error) {
      return [`qpdf: ${String((error as { stderr?: Buffer }).stderr ?? error)}`];
    }
    // Uncompressed, each drawing operation can be read: glyph 0 is `.notdef`, which PDF/A forbids.
    const shown: string[] = drawn.match(/<[0-9a-f]+>(?=[^\n]*\] TJ)/g) ?? [];
    const faults = shown.length === 0 ? ['no text is drawn'] : [];
    if (shown.some((hex) => /^<(?:.{4})*?0000/.test(hex))) faults.push('.notdef is drawn');
    if (/\b(NaN|Infinity|undefined)\b/.test(drawn)) faults.push('something is drawn nowhere');
    return faults;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
