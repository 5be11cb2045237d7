import type { Manifest } from '../../../tape/manifest.js';
import type { IdentifierKind } from '../leak.js';
import { MIN_PATTERN } from '../search/patterns.js';
import { formsOf, identifies, isAddress } from './addresses.js';
import { COMMON_WORDS } from './common_words.js';
import type { Gathered } from './gathering.js';
import { maySay } from './may_say.js';
import { type SharedValues, Values } from './values.js';

/** What the redactor put in the place of what: pseudonym, original, kind. */
export type NotedPair = readonly [pseudonym: string, original: string, kind: IdentifierKind];

/** So short a secret, such as a password of four letters, is a word like any other. */
const MIN_SECRET = 6;
/** Lines of a secret of several lines that are looked for: those of a key's block. */
const SECRET_LINE = /^[^\s-].{11,}$/gm;

/** What is looked for in texts: an identifier, its kind, and the way in which it may be written. */
type PatternText = readonly [original: string, kind: IdentifierKind, text: string];

/** All that identifies in a tape, as threads are told of it. */
export interface Identifiers {
  /** What is found in any text. */
  readonly patterns: readonly PatternText[];
  /** Ids, and whole values of columns and fields that hold names. */
  readonly values: readonly SharedValues[];
}

export interface IdentifiersOf {
  readonly manifest: Manifest;
  readonly segments: readonly Gathered[];
  readonly noted: Iterable<NotedPair>;
  readonly published: (text: string) => boolean;
}

/** Puts together what was gathered of a tape and what the redactor told of. */
export function identifiersOf({ manifest, segments, noted, published }: IdentifiersOf): Identifiers {
  const gathered = segments.map((each) => each.values);
  const values = new Values(gathered);
  const patterns: PatternText[] = [];
  const names = new Set(segments.flatMap((each) => [...each.names]));
  const addresses = new Set(segments.flatMap((each) => [...each.addresses]));
  const structure = new Set(segments.flatMap((each) => [...each.structure]));
  for (const { name } of manifest.nodes) names.add(name);
  for (const address of addressesIn(manifest)) addresses.add(address);
  const taken = new Set<string>();
  for (const [pseudonym, original, kind] of noted) {
    if (kind === 'id') values.ids.addAll(original);
    else if (kind === 'name') values.addText(original);
    else if (kind === 'secret') patterns.push(...secretPatterns(original, published));
    else {
      addresses.add(original);
      if (pseudonym !== original) taken.add(pseudonym);
    }
  }
  const saysNothing = (name: string) =>
    COMMON_WORDS.has(name.toLowerCase()) || structure.has(name.toLowerCase()) || maySay(name, published);
  for (const name of names) {
    values.addText(name);
    if (isAddress(name)) patterns.push(...addressPatterns(name));
    else if (name.length >= MIN_PATTERN && !saysNothing(name)) {
      patterns.push([name, 'name', name]);
      for (const form of nameForms(name)) if (!saysNothing(form)) patterns.push([name, 'name', form]);
    }
  }
  // Addresses change places with each other: one that stands for another now cannot be told from itself.
  for (const address of addresses) if (!taken.has(address)) patterns.push(...addressPatterns(address));
  return { patterns, values: [...gathered, values.handOver()] };
}

/** How many were put together; one that threads met each by itself counts as often. */
export function countOf({ patterns, values }: Identifiers): number {
  return values.reduce((sum, { size }) => sum + size, patterns.length);
}

function* addressesIn({ sources }: Manifest): Generator<string> {
  for (const { detail } of sources) {
    for (const [address] of detail.matchAll(/\d+(?:\.\d+){3}|[0-9a-f]*:[0-9a-f:]+/gi)) yield address;
  }
}

/** A name of two parts or more as variables, metrics and code write it, and the first label of a host that is no plain word. */
function nameForms(name: string): readonly string[] {
  const [label = '', ...labels] = name.split('.');
  const isHost = labels.length >= 2 && /^[a-z]{2,24}$/.test(labels.at(-1) ?? '');
  const first = isHost && /^(?=.*[a-z]{3})(?=.*[-\d])[a-z\d-]+$/.test(label) ? [label] : [];
  const isJoined = /^[a-z\d]+(?:[-_.]+[a-z\d]+)+$/i.test(name) && name.replace(/[^a-z]/gi, '').length >= 8;
  if (!isJoined) return first;
  const parts = name.split(/[-_.]+/);
  return [
    ...first,
    ...['-', '_', '.', ''].map((joiner) => parts.join(joiner)).filter((form) => form !== name),
  ];
}

/** All the ways in which an address is written. */
function addressPatterns(address: string): PatternText[] {
  return identifies(address) ? formsOf(address).map((form) => [address, 'address', form]) : [];
}

function secretPatterns(secret: string, published: (text: string) => boolean): PatternText[] {
  const lines = secret.includes('\n') ? (secret.match(SECRET_LINE) ?? []) : [secret];
  return lines
    .filter((line) => line.length >= MIN_SECRET && !maySay(line, published))
    .map((line) => [line, 'secret', line]);
}
