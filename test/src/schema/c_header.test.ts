import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { cHeader, fingerprint } from '../../../src/schema/c_header.js';
import { eventLayouts } from '../../../src/schema/event_layout.js';
import { column, optional, table } from '../../../src/schema/table.js';
import { tables } from '../../../src/schema/tables/index.js';
import { T } from '../../../src/schema/types.js';
import { repository } from '../../repository.js';

const pings = table({
  name: 'pings',
  doc: 'Packets that were pings.',
  source: 'kernel',
  columns: {
    time: column(T.boot_time, 'When.'),
    node: column(T.node, 'Where.'),
    port: optional(T.port, 'To which port.'),
    address: optional(T.ip, 'From whom.'),
    location: column(T.kernel_location, 'In which function.'),
  },
});

const spans = table({ name: 'spans', doc: 'Not of the kernel.', source: 'traces', columns: {} });

test('a table becomes a struct without holes, checked by the compiler', () => {
  const header = cHeader([spans, pings]);
  assert.equal(
    header.slice(header.indexOf('/* Packets that were pings. */'), header.indexOf('\n#endif\n\n#endif')),
    `/* Packets that were pings. */
struct pings_event {
	struct event_header header;
	__u64 time;
	__u16 port;
	__u8 padding_18[2];
	__u32 address[4];
	__u8 padding_36[4];
	__u64 location;
};
_Static_assert(__builtin_offsetof(struct pings_event, time) == 8, "layout");
_Static_assert(__builtin_offsetof(struct pings_event, port) == 16, "layout");
_Static_assert(__builtin_offsetof(struct pings_event, padding_18) == 18, "layout");
_Static_assert(__builtin_offsetof(struct pings_event, address) == 20, "layout");
_Static_assert(__builtin_offsetof(struct pings_event, padding_36) == 36, "layout");
_Static_assert(__builtin_offsetof(struct pings_event, location) == 40, "layout");
_Static_assert(sizeof(struct pings_event) == 48, "layout");

enum pings_present {
	PINGS_HAS_PORT = 1,
	PINGS_HAS_ADDRESS = 2,
};

#ifndef __bpf__
/* By table: name, size of its event, and where in it a kernel address is (0: nowhere). */
static const struct event_kind {
	const char *name;
	__u32 bytes;
	__u32 address_at;
} event_kinds[] = {
	[TABLE_PINGS] = { "pings", 48, 40 },
};`,
  );
});

test('the decoder reads the columns where the header puts them', () => {
  assert.deepEqual(eventLayouts([spans, pings])[0]?.columns, [
    { name: 'time', wire: 'boot_ns', offset: 8, presentBit: 0 },
    { name: 'port', wire: 'u16', offset: 16, presentBit: 1 },
    { name: 'address', wire: 'ip', offset: 20, presentBit: 2 },
    { name: 'location', wire: 'kernel_address', offset: 40, presentBit: 0 },
  ]);
});

test('the fingerprint tells layouts apart', () => {
  const renamed = table({
    ...pings,
    columns: { ...pings.columns, other_port: optional(T.port, 'Another.') },
  });
  assert.notEqual(fingerprint([pings]), fingerprint([renamed]));
  assert.equal(fingerprint([pings]), fingerprint([spans, pings]));
});

test('the compiler agrees with every assertion of the real header', (t) => {
  const compiler = ['clang', 'gcc', 'cc'].find((name) => isInstalled(name));
  if (compiler === undefined) return t.skip('no C compiler is installed');
  const options = ['-x', 'c', '-fsyntax-only', '-Wno-unused-const-variable', '-'];
  execFileSync(compiler, options, { input: cHeader(tables), stdio: ['pipe', 'pipe', 'inherit'] });
  const wrong = cHeader(tables).replace('event) == 104', 'event) == 96');
  assert.throws(() => execFileSync(compiler, options, { input: wrong, stdio: 'pipe' }), /layout/);
});

test('the generated files that are committed are those of the declarations', () => {
  const main = `${repository}/dist/src/schema/generate.js`;
  execFileSync(process.execPath, [main, '--check'], { cwd: repository, stdio: 'pipe' });
});

function isInstalled(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
