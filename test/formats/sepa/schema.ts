/** Validates messages against the ISO schemas, where those are at hand (they are not part of this project). */
import { existsSync, readFileSync } from 'node:fs';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';

const XSD = '../shared/sepa/xsd';

export const schemasAtHand = existsSync(`${XSD}/pain.008.001.08.xsd`);

/** Prints the one line that says what is not checked here. */
export function saySchemasMissing(): void {
  if (!schemasAtHand) console.log(`not validated against the ISO schemas: ${XSD} is not there`);
}

const validators = new Map<string, XsdValidator>();

/** What the schema of `message` says against this document; null when it is valid or the schema is not at hand. */
export function schemaVerdict(message: string, xml: string): string | null {
  if (!schemasAtHand) return null;
  let validator = validators.get(message);
  if (!validator) {
    const schema = XmlDocument.fromString(readFileSync(`${XSD}/${message}.xsd`, 'utf8'));
    validator = XsdValidator.fromDoc(schema);
    validators.set(message, validator);
  }
  try {
    const document = XmlDocument.fromString(xml);
    try {
      validator.validate(document);
    } finally {
      document.dispose();
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
