import { ibanRemainder, luhn } from './checksums.js';
import type { Secret } from './secret.js';

/** A number in one piece, in fours, or as American Express (4-6-5) and Diners Club (4-6-4) print theirs. */
const CARD =
  /(?<![\w.]|(?<![A-Za-z0-9])-)(?:\d{12,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{1,4}(?:\1\d{1,3})?|\d{4}([ -])\d{6}\2\d{4,5})(?!\w|[.-]\d)/y;

/** Leading digits and lengths that the networks give out (their public ranges, as ISO/IEC 7812 registers them). */
const ISSUED: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^3(?:0[0-5]|[689])/, [14, 16, 17, 18, 19]],
  [/^35(?:2[89]|[3-8])/, [16, 17, 18, 19]],
  [/^(?:6011|64[4-9]|65|62)/, [16, 17, 18, 19]],
  [/^(?:5018|5020|5038|5893|6304|6759|676[1-3])/, [12, 13, 14, 15, 16, 17, 18, 19]],
];

function isCard(digits: string): boolean {
  return (
    ISSUED.some(([prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits)) && luhn(digits)
  );
}

const IBAN = /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])/g;

/** Country and length of its IBANs, of the registry that SWIFT keeps for ISO 13616. */
const IBAN_LENGTHS = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 ' +
    'EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 ' +
    'KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 ' +
    'PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 ' +
    'UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** Card numbers whose check digit holds, in groups or not, which begin where `numbers` do or at a group behind. */
export function findCards(text: string, numbers: readonly number[], found: Secret[]): void {
  for (const number of numbers)
    for (const at of groupStarts(text, number)) {
      CARD.lastIndex = at;
      const card = CARD.exec(text)?.[0];
      if (card === undefined || !isCard(card.replace(/[ -]/g, ''))) continue;
      found.push({ start: at, end: at + card.length, kind: 'card' });
      break;
    }
}

const GROUP = /\d+[ -]?/y;

/** Where each group of the digits at `number` starts: `2026-11-23 4111…` has a card behind a date. */
function* groupStarts(text: string, number: number): Generator<number> {
  GROUP.lastIndex = number;
  for (let at = number; GROUP.test(text); at = GROUP.lastIndex) yield at;
}

/** IBANs whose check digits hold, with or without blanks between groups. */
export function findIbans(text: string, found: Secret[]): void {
  for (const { 0: match, index } of text.matchAll(IBAN)) {
    const length = IBAN_LENGTHS.get(match.slice(0, 2));
    if (length === undefined) continue;
    // The next word may be upper case too: what the country's length leaves over is not the number's.
    const end = endOfLength(match, length);
    const iban = match.slice(0, end).replaceAll(' ', '');
    if (iban.length === length && (match[end] ?? ' ') === ' ' && ibanRemainder(iban) === 1)
      found.push({ start: index, end: index + end, kind: 'iban' });
  }
}

/** Where the first `length` characters that are no blanks end. */
function endOfLength(text: string, length: number): number {
  let end = 0;
  for (let left = length; left > 0 && end < text.length; end++) if (text[end] !== ' ') left--;
  return end;
}
