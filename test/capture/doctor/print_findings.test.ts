import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../capture/doctor/finding.js';
import { printFindings } from '../../../capture/doctor/print_findings.js';

const FINDINGS: readonly Finding[] = [
  { check: 'kernel', ok: 'yes', detail: '6.1.0' },
  { check: 'probe packet_drops', ok: 'no', detail: 'Operation not permitted: lacks CAP_BPF and CAP_PERFMON' },
];

test('a line each, which goes on below itself in a narrow terminal', () => {
  assert.equal(
    printFindings(FINDINGS, 'table', 60),
    `yes       kernel              6.1.0
no        probe packet_drops  Operation not permitted: lacks
                              CAP_BPF and CAP_PERFMON
`,
  );
  assert.equal(printFindings(FINDINGS, 'table').split('\n').length, 3);
});

test('as JSON', () => assert.deepEqual(JSON.parse(printFindings(FINDINGS, 'json')), FINDINGS));

test('what an API server says is shown, and not acted on by the terminal', () => {
  const said: Finding = {
    check: 'kubernetes',
    ok: 'no',
    detail: 'answered 403 \u001b]0;title\u0007\nyes  all',
  };
  assert.equal(
    printFindings([said], 'table'),
    'no        kubernetes  answered 403 \\u001b]0;title\\u0007\\nyes  all\n',
  );
  assert.deepEqual(JSON.parse(printFindings([said], 'json')), [said]);
});
