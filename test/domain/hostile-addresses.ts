/** What people, programs and attackers put into a field for an e-mail address. */
import fc from 'fast-check';

const separators = [',', ';', ':', ' ', '\t', '\r\n', '\n', '\r', '\0', '\u2028', '\u0085', '\v', '\u00a0', '\u3000'];
const wrappers: ((a: string, b: string) => string)[] = [
  (a, b) => `${a}, ${b}`,
  (a, b) => `${a}\r\nBcc: ${b}`,
  (a, b) => `${a}\nRCPT TO:<${b}>`,
  (a, b) => `${a}>\r\nRCPT TO:<${b}`,
  (a, b) => `"${a}" <${b}>`,
  (a, b) => `${a} <${b}>`,
  (a, b) => `<${a}><${b}>`,
  (a, b) => `group: ${a}, ${b};`,
  (a, b) => `(${a}) ${b}`,
  (a, b) => `${a}(${b})`,
  (a, b) => `"${a}"@${b.split('@')[1] ?? 'evil.example'}`,
  (a, b) => `"${a},${b}"@club.example`,
  (a, b) => `@${b.split('@')[1] ?? 'evil.example'}:${a}`,
  (a, b) => `${a.replace('@', '%')}@${b.split('@')[1] ?? 'evil.example'}`,
  (a, b) => `${b.split('@')[1] ?? 'evil.example'}!${a}`,
  (a, b) => `${a}@${b}`,
  (a) => `${a.split('@')[0]}@[127.0.0.1]`,
  (a, b) => `${a.split('@')[0]}@[x@${b.split('@')[1] ?? 'evil.example'}]`,
  (a, b) => `${a} .${b.split('@')[1] ?? 'evil.example'}`,
  (a, b) => `=?utf-8?q?${a}=2C_${b}?=@club.example`,
  (a) => `mailto:${a}?bcc=evil@evil.example`,
  (a) => `${a}\\`,
  (a) => `'${a}'`,
  (a) => `${a}.`,
  (a) => ` ${a} `,
  (a) => `-oQ/tmp${a}`,
  (a) => a.replace('@', '\uff20'),
  (a) => a.replace('.', '\u3002'),
  (a) => a.replace('@', '@ex\u00adample.'),
  (a) => a.replace('@', '\u200d@'),
  (a) => `${'a'.repeat(70)}${a}`,
  (a) => a.replace('@', `@${'b'.repeat(64)}.`),
  (a) => `\ud800${a}`,
  (a) => a,
];

const goodLocal = fc.constantFrom('marie', "o'neil", 'jean.dupont+gym', 'x', 'A_B-c', 'a=b', '{x}', '#1');
const badLocal = fc.constantFrom('O\u2019Neil', 'a..b', '.a', 'é', '-rf', 'a%b', '$(id)');
const localPart = fc.oneof({ weight: 3, arbitrary: goodLocal }, { weight: 1, arbitrary: badLocal });
const goodDomain = fc.constantFrom(
  'example.com',
  'EXAMPLE.Co.Uk',
  'café.fr',
  'xn--caf-dma.fr',
  'bücher.example',
  'faß.de',
);
const badDomain = fc.constantFrom(
  'xn--a.fr',
  'localhost',
  '127.0.0.1',
  '0x7f.1',
  'example.123',
  'ｅｘample.com',
  'a_b.com',
  '-a.com',
  'münchen.de.',
);
const domainPart = fc.oneof({ weight: 3, arbitrary: goodDomain }, { weight: 1, arbitrary: badDomain });
const plausible = fc.tuple(localPart, domainPart).map(([local, domain]) => `${local}@${domain}`);
const wrapped = fc
  .tuple(plausible, plausible, fc.constantFrom(...wrappers))
  .map(([one, other, wrap]) => wrap(one, other));
/** An address with anything at all put into it, at any place. */
const injected = fc
  .tuple(
    plausible,
    fc.oneof(fc.constantFrom(...separators), fc.string({ unit: 'binary', maxLength: 4 }), wrapped),
    fc.nat(40),
  )
  .map(([address, what, at]) => `${address.slice(0, at)}${what}${address.slice(at)}`);
const soup = fc.string({
  unit: fc.constantFrom(
    ...'ab@.,;:<>()[]"\\\'!%=?+- \t\r\n\0éß\u202e\u200b\ufeff'.split(''),
    'example.com',
    '@b.example',
  ),
  maxLength: 24,
});
export const hostileAddress = fc.oneof(
  { weight: 3, arbitrary: wrapped },
  { weight: 4, arbitrary: injected },
  { weight: 2, arbitrary: soup },
  { weight: 1, arbitrary: fc.webUrl() },
  { weight: 2, arbitrary: fc.emailAddress({ size: '+1' }) },
  { weight: 2, arbitrary: plausible },
);
