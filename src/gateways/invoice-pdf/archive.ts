/**
 * What makes a PDF an archived, electronic invoice: the Factur-X file inside, and the metadata that announces it with
 * the extension schema that PDF/A asks of any property of its own.
 */
import type { Day } from '../../domain/day.ts';
import { FACTUR_X_FILE, FACTUR_X_PROFILE } from '../../formats/factur-x.ts';
import { xmlText } from '../../formats/xml-text.ts';
import type { Sheet } from './sheet.ts';

const NAMESPACE = 'urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#';

function property(name: string, description: string): string {
  return `<rdf:li rdf:parseType="Resource"><pdfaProperty:name>${name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category><pdfaProperty:description>${description}</pdfaProperty:description></rdf:li>`;
}

const METADATA = `
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>${NAMESPACE}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>fx</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>
${property('DocumentFileName', 'The name of the embedded XML document')}
${property('DocumentType', 'The type of the hybrid document in capital letters, e.g. INVOICE or ORDER')}
${property('Version', 'The actual version of the standard applying to the embedded XML document')}
${property('ConformanceLevel', 'The conformance level of the embedded XML document')}
</rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:fx="${NAMESPACE}">
<fx:DocumentType>INVOICE</fx:DocumentType>
<fx:DocumentFileName>${FACTUR_X_FILE}</fx:DocumentFileName>
<fx:Version>1.0</fx:Version>
<fx:ConformanceLevel>${FACTUR_X_PROFILE}</fx:ConformanceLevel>
</rdf:Description>`;

export function embedFacturX(sheet: Sheet, xml: string, on: Day): void {
  const made = new Date(`${on}T00:00:00Z`);
  sheet.pdf.file(Buffer.from(xml, 'utf8'), {
    name: FACTUR_X_FILE,
    type: 'text/xml',
    relationship: 'Data',
    description: 'Factur-X',
    creationDate: made,
    modifiedDate: made,
  } as PDFKit.Mixins.PDFAttachmentOptions);
  sheet.appendMetadata(METADATA);
}

/** Who made the document; pdfkit would write it into the metadata without escaping it. */
export function nameCreator(sheet: Sheet, name: string): void {
  sheet.appendMetadata(
    `<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator><rdf:Seq><rdf:li>${xmlText(name)}</rdf:li></rdf:Seq></dc:creator></rdf:Description>`,
  );
}
