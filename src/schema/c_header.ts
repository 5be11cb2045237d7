import { createHash } from 'node:crypto';
import type { Layout, Member } from './c_layout.js';
import { EVENT_HEADER, type EventLayout, eventLayouts } from './event_layout.js';
import {
  FRAME_HEADER,
  FRAME_KINDS,
  FRAMES,
  LOSS_CAUSES,
  MAX_BODY_BYTES,
  NAMED,
  PROBE_STATES,
} from './frames.js';
import type { Table } from './table.js';

/** The text of `bpf/gen/events.h`: what probes and loader write, laid out as the decoder reads it. */
export function cHeader(tables: readonly Table[]): string {
  const text = body(tables);
  return `/* Generated from src/schema by src/schema/generate.ts. Do not edit. */
#ifndef KTAPE_EVENTS_H
#define KTAPE_EVENTS_H

#include <linux/types.h>

/* Tells whether loader and recorder were built from the same tables. */
#define KTAPE_FINGERPRINT 0x${fingerprint(tables).toString(16).padStart(8, '0')}u

${text}
#endif
`;
}

/** A number that differs when anything about the layouts does: the start frame carries it. */
export function fingerprint(tables: readonly Table[]): number {
  return createHash('sha256').update(body(tables)).digest().readUInt32BE(0);
}

function body(tables: readonly Table[]): string {
  const layouts = eventLayouts(tables);
  return [
    `#define KTAPE_MAX_BODY ${MAX_BODY_BYTES}u\n`,
    enumeration('frame_kind', 'FRAME', FRAME_KINDS),
    enumeration('probe_state', 'PROBE', PROBE_STATES),
    enumeration('named', 'NAMED', NAMED),
    enumeration('loss_cause', 'LOSS', LOSS_CAUSES),
    struct('frame_header', FRAME_HEADER),
    ...Object.entries(FRAMES).map(([name, layout]) => struct(`${name}_frame`, layout)),
    enumeration('event_table', 'TABLE', Object.fromEntries(layouts.map((l) => [l.table.name, l.number]))),
    struct('event_header', EVENT_HEADER),
    ...layouts.map(event),
    kinds(layouts),
  ].join('\n');
}

function event({ table, columns, struct: layout }: EventLayout): string {
  const bits = columns
    .filter(({ presentBit }) => presentBit !== 0)
    .map(({ name, presentBit }) => [name, presentBit] as const);
  return `/* ${table.doc} */
${struct(`${table.name}_event`, layout, '\tstruct event_header header;\n')}
${enumeration(`${table.name}_present`, `${table.name}_HAS`, Object.fromEntries(bits))}`;
}

/** What the loader has to know of each table. */
function kinds(layouts: readonly EventLayout[]): string {
  const rows = layouts.map(({ table, columns, struct: { bytes } }) => {
    const addresses = columns.filter(({ wire }) => wire === 'kernel_address');
    return `\t[TABLE_${table.name.toUpperCase()}] = { "${table.name}", ${bytes}, ${addresses[0]?.offset ?? 0} },\n`;
  });
  return `#ifndef __bpf__
/* By table: name, size of its event, and where in it a kernel address is (0: nowhere). */
static const struct event_kind {
	const char *name;
	__u32 bytes;
	__u32 address_at;
} event_kinds[] = {
${rows.join('')}};
#endif
`;
}

function struct(name: string, { bytes, members }: Layout, first = ''): string {
  const fields = members.map((member) => `\t${declaration(member)};\n`).join('');
  const offsets = members.map((member) =>
    assertion(`__builtin_offsetof(struct ${name}, ${member.name})`, member.offset),
  );
  return `struct ${name} {\n${first}${fields}};\n${offsets.join('')}${assertion(`sizeof(struct ${name})`, bytes)}`;
}

function declaration({ name, type }: Member): string {
  return `${type.name} ${name}${type.length === undefined ? '' : `[${type.length}]`}`;
}

function assertion(left: string, right: number): string {
  return `_Static_assert(${left} == ${right}, "layout");\n`;
}

function enumeration(name: string, prefix: string, values: Readonly<Record<string, number>>): string {
  const lines = Object.entries(values).map(
    ([key, value]) => `\t${prefix.toUpperCase()}_${key.toUpperCase()} = ${value},\n`,
  );
  return `enum ${name} {\n${lines.join('')}};\n`;
}
