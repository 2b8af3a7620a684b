/**
 * The official checks of Factur-X, where the machine has them beside the project: the XML schema and the two
 * compiled Schematrons (Factur-X's own and that of EN 16931). Compiling a Schematron takes a quarter of a minute, so
 * what comes of it is kept under node_modules/.cache, named by the hash of its source.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';

const root = new URL('../../', import.meta.url);
const folder = new URL('../shared/facturx/', root);
export const factorXChecksPresent = existsSync(folder);
if (!factorXChecksPresent) console.log('Factur-X: no schemas in ../shared/facturx, the official checks are left out.');

let validator: XsdValidator | null = null;

/** The schema's complaints; none for a valid document. */
export function schemaErrors(xml: string): string[] {
  if (!validator) {
    xmlRegisterFsInputProviders();
    const path = fileURLToPath(new URL('facturx-en16931/Factur-X_EN16931.xsd', folder));
    validator = XsdValidator.fromDoc(XmlDocument.fromBuffer(readFileSync(path), { url: path }));
  }
  const document = XmlDocument.fromString(xml);
  try {
    validator.validate(document);
    return [];
  } catch (error) {
    return [(error as Error).message];
  } finally {
    document.dispose();
  }
}

interface Saxon {
  getPlatform(): { resource(name: string): unknown; parseXmlFromString(xml: string): object };
  checkOptions(options: object): { resultPromise: Promise<{ principalResult: unknown }> };
  internalTransform(stylesheet: unknown, source: unknown, options: unknown): void;
  XPath: { sefToJSON(node: unknown, relocatable: boolean): SefNode };
  XdmMap: new () => unknown;
  transform(options: object, mode?: 'async'): { principalResult: string };
}
const saxon = createRequire(import.meta.url)('saxon-js') as Saxon;

interface SefNode {
  [attribute: string]: unknown;
  N: string;
  parentNode?: SefNode;
  C?: SefNode[];
}

function adopt(node: SefNode): void {
  for (const child of node.C ?? []) {
    child.parentNode = node;
    adopt(child);
  }
}

/** What Saxonica's own command line does to compile a stylesheet, with the library alone. */
async function compileStylesheet(source: string, url: string): Promise<string> {
  const platform = saxon.getPlatform();
  const compiler = platform.resource('compiler') as SefNode;
  adopt(compiler);
  const options = saxon.checkOptions({
    async: true,
    destination: 'application',
    initialMode: 'compile-complete',
    templateParams: { 'Q{}options': { noXPath: false } },
    stylesheetParams: new saxon.XdmMap(),
    stylesheetInternal: compiler,
  });
  const input = Object.assign(platform.parseXmlFromString(source), { _saxonBaseUri: url });
  saxon.internalTransform(compiler, input, options);
  const { principalResult } = await options.resultPromise;
  const tree = (Array.isArray(principalResult) ? principalResult[0] : principalResult) as { firstChild: unknown };
  const sef = saxon.XPath.sefToJSON(tree.firstChild, false);
  sef[CHECKSUM] = checksum(sef);
  return JSON.stringify(sef);
}

const CHECKSUM = 'Σ';

/** The processor takes a compiled stylesheet only with this checksum, made as its own compiler makes it. */
function checksum(sef: SefNode): string {
  const hash = (text: string, seed: number): number => {
    let value = seed << 8;
    for (let at = 0; at < text.length; at++) value = (value << 1) + text.charCodeAt(at);
    return value;
  };
  let total = 0;
  let count = 0;
  const visit = (node: SefNode): void => {
    total ^= hash(node.N, count) ^ hash('http://ns.saxonica.com/xslt/export', count);
    count++;
    for (const [name, value] of Object.entries(node)) {
      if (name === 'N' || name === 'C' || name === CHECKSUM) continue;
      total ^= hash(name, count) ^ hash('', count);
      total ^= hash(String(value), count);
    }
    for (const child of node.C ?? []) visit(child);
    total ^= 1;
  };
  visit(sef);
  return (total < 0 ? 4_294_967_295 + total + 1 : total).toString(16);
}

const compiled = new Map<string, object>();

async function stylesheet(name: string): Promise<object> {
  const known = compiled.get(name);
  if (known) return known;
  const source = readFileSync(new URL(name, folder), 'utf8');
  const url = new URL(name, folder).href;
  const hash = createHash('sha256').update(url).update(source).digest('hex').slice(0, 16);
  const cache = new URL(`node_modules/.cache/echeance/${hash}.sef.json`, root);
  if (!existsSync(cache)) {
    const sef = await compileStylesheet(source, url);
    mkdirSync(new URL('.', cache), { recursive: true });
    const written = new URL(`${hash}.${process.pid}.tmp`, cache);
    writeFileSync(written, sef);
    renameSync(written, cache);
  }
  const sef = JSON.parse(readFileSync(cache, 'utf8')) as SefNode;
  adopt(sef);
  compiled.set(name, sef);
  return sef;
}

/** What either Schematron finds wrong, as `rule: text`; none for a good document. */
export async function schematronErrors(xml: string): Promise<string[]> {
  const errors: string[] = [];
  for (const name of ['facturx-en16931/Factur-X_1.09_EN16931.xsl', 'EN16931-CII-validation.xslt']) {
    const report = saxon.transform({
      stylesheetInternal: await stylesheet(name),
      sourceText: xml,
      destination: 'serialized',
    }).principalResult;
    for (const [, failed] of report.matchAll(/<svrl:failed-assert([\s\S]*?)<\/svrl:failed-assert>/g))
      errors.push(
        failed!
          .replace(/<[^>]+>/g, ' ')
          .replace(/\s+/g, ' ')
          .trim(),
      );
  }
  return errors;
}
