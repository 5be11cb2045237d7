import type { Secret } from './secret.js';

/** No key of strength is shorter, and below it words and codes cannot be told from chance. */
const SHORTEST = 20;

/**
 * What a pair of neighbouring characters speaks for chance and against a word, in bits: the logarithm of how often
 * the pair is met in random keys over how often in logs and source code.
 */
interface Weights {
  readonly commonPair: number;
  readonly rarePair: number;
  readonly digits: number;
  readonly letterAndDigit: number;
  readonly caseChanges: number;
}
const MIXED_CASE: Weights = {
  commonPair: -2,
  rarePair: 2.2,
  digits: -1,
  letterAndDigit: 2.6,
  caseChanges: 1.2,
};
const ONE_CASE: Weights = { commonPair: -1.6, rarePair: 3.3, digits: 0.5, letterAndDigit: 3, caseChanges: 0 };

/**
 * A run counts as random from here on: of random strings of 24 letters and digits some four in a thousand stay
 * below, of 40 hardly one in ten thousand.
 */
const BITS = 5;
/** The pieces that speak for chance have this many characters together: `ddcMD1/c2cMsg` has too few. */
const EVIDENCE = 14;

/** Pairs of letters that make up nine tenths of English words and of identifiers made of them. */
const COMMON = (
  'th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ' +
  'ne ea ra ce li ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un ' +
  'lo wa ge ie wh ee wi em ad ol rt po we na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi ci vi pl ig tu ev ' +
  'ld ry mp fe bl ab gh ty op wo sa ay ex ke fr oo av ag if ap gr od bo sp rd do uc bu ei ov by rm ep tt oc fa ef cu ' +
  'rn sc gi da yo cr cl du ga qu ue ff ba ey ls va um pp ua up lu go ht ru ug ds lt pi rc rr eg au ck ew mu br bi pt ' +
  'ak pu ui rg ib tl ny ki rk ys ob mm fu ph og ms ye ud mb ip ub oi rl gu dr hr cc tw ft wn nu af hu nn eo vo rv nf ' +
  'xp gn sm fl iz ok nl my gl aw ju oa eq sy sl ps jo lf nv je nk kn gs dy hy ze ks xt bs ik dd pt rp bj xc rf xi sk ' +
  'db fs js id gc vm kv rb cp io dn mt dt lb cg tp ht tm hd ws ev sv tx rx'
).split(' ');

const LETTERS = 26;
const IS_COMMON = new Uint8Array(LETTERS * LETTERS);
for (const pair of COMMON) IS_COMMON[(pair.charCodeAt(0) - 97) * LETTERS + pair.charCodeAt(1) - 97] = 1;

const OTHER = 0;
const DIGIT = 1;
const LOWER = 2;
const UPPER = 3;

function classOf(code: number): number {
  if (code >= 97 && code <= 122) return LOWER;
  if (code >= 48 && code <= 57) return DIGIT;
  return code >= 65 && code <= 90 ? UPPER : OTHER;
}

/** A piece of a run: letters and digits between two separators, and how many of its pairs are of which sort. */
interface Piece {
  end: number;
  commonPairs: number;
  rarePairs: number;
  digits: number;
  letterAndDigit: number;
  caseChanges: number;
  lower: boolean;
  upper: boolean;
  /** Whether nothing but hexadecimal digits is in it. */
  hex: boolean;
}

const isCommon = (left: number, right: number) =>
  IS_COMMON[((left | 32) - 97) * LETTERS + (right | 32) - 97] === 1;

/** Reads the piece of `text` that starts at `start`. */
function readPiece(text: string, start: number, limit: number): Piece {
  const piece: Piece = {
    end: start,
    commonPairs: 0,
    rarePairs: 0,
    digits: 0,
    letterAndDigit: 0,
    caseChanges: 0,
    lower: false,
    upper: false,
    hex: true,
  };
  let left = 0;
  let leftClass = OTHER;
  for (; piece.end < limit; piece.end++) {
    const code = text.charCodeAt(piece.end);
    const kind = classOf(code);
    if (kind === OTHER) break;
    if (kind === LOWER) piece.lower = true;
    else if (kind === UPPER) piece.upper = true;
    if ((code | 32) > 102) piece.hex = false;
    if (leftClass === OTHER) {
      // The first of the piece.
    } else if (kind === DIGIT && leftClass === DIGIT) piece.digits++;
    else if (kind === DIGIT || leftClass === DIGIT) piece.letterAndDigit++;
    else if (kind !== leftClass) piece.caseChanges++;
    else if (isCommon(left, code)) piece.commonPairs++;
    else piece.rarePairs++;
    left = code;
    leftClass = kind;
  }
  return piece;
}

/** How much a piece speaks for chance, in bits. */
function bitsOf(piece: Piece): number {
  const weights = piece.lower && piece.upper ? MIXED_CASE : ONE_CASE;
  return (
    piece.commonPairs * weights.commonPair +
    piece.rarePairs * weights.rarePair +
    piece.digits * weights.digits +
    piece.letterAndDigit * weights.letterAndDigit +
    piece.caseChanges * weights.caseChanges
  );
}

/**
 * Whether a piece can be part of a key: digests, ids and numbers cannot, and of what is in one case, as a pod's
 * name, only a long piece can: the suffixes of Kubernetes are short.
 */
function counts({ end, lower, upper, hex }: Piece, start: number): boolean {
  return (lower && upper) || (!hex && end - start >= SHORTEST);
}

/** Whether a piece is left alone though its run is random: a directory before a token. */
function isWord(piece: Piece, bits: number, start: number): boolean {
  if (piece.letterAndDigit > 0 || piece.end - start < 3) return false;
  return piece.lower && piece.upper ? bits <= -8 : bits <= 0;
}

/** Digests in base64 of their full length, as npm (`sha512-…`) and OpenSSH (`SHA256:…`) print them. */
const DIGEST = /^(?:sha1-.{27}|sha256-.{43}|sha384-.{64}|sha512-.{86})$/;
function isDigest(text: string, start: number, end: number): boolean {
  if (end - start === 43 && text.startsWith('SHA256:', start - 7)) return true;
  return text.startsWith('sha', start) && DIGEST.test(text.slice(start, end));
}

/** The random part of `text[start, end)`, a run of the base64 alphabets: from its first random piece to its last. */
export function findRandom(text: string, start: number, end: number, found: Secret[]): void {
  if (end - start < SHORTEST || isDigest(text, start, end)) return;
  let bits = 0;
  let evidence = 0;
  let first = end;
  let last = start;
  for (let at = start; at < end; ) {
    const piece = readPiece(text, at, end);
    const pieceBits = bitsOf(piece);
    const from = at;
    at = piece.end + 1;
    if (counts(piece, from)) {
      bits += pieceBits;
      evidence += piece.end - from;
    }
    if (isWord(piece, pieceBits, from)) continue;
    first = Math.min(first, from);
    last = piece.end;
  }
  if (bits >= BITS && evidence >= EVIDENCE) found.push({ start: first, end: last, kind: 'high-entropy' });
}
