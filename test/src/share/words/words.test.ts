import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KUBERNETES } from '../../../../src/share/words/published/kubernetes.js';
import { PROTOCOLS } from '../../../../src/share/words/published/protocols.js';
import { isPublishedWord } from '../../../../src/share/words/published/published.js';
import { TECHNICAL } from '../../../../src/share/words/published/technical.js';
import { Vocabulary, Words } from '../../../../src/share/words/words.js';
import { KEY, wordsOf } from './tiny_words.js';

/** A shop whose cluster knows these names. */
const NAMES = [
  'payment',
  'payment-7d9f',
  'payment-7d9f-x2x9z',
  '7d9f',
  'shop',
  'checkout-api',
  'ip-10-0-1-12',
];

/** Shows each text with `<original>` in the place of every pseudonym: what is outside stayed. */
function shown(what: 'name' | 'text' | 'url' | 'statement' | 'operation' | 'keep', texts: readonly string[]) {
  const { words, notes } = wordsOf(NAMES);
  return texts.map((text) => {
    let rewritten = words[what](text);
    for (const [pseudonym, original] of notes) rewritten = rewritten.replaceAll(pseudonym, `<${original}>`);
    return rewritten;
  });
}

test('the same key gives the same words', () => {
  const { words } = wordsOf(NAMES);
  assert.deepEqual(
    [words.name('payment'), words.name('payment-7d9f-x2x9z'), words.name('Payment')],
    ['tupisumugupibada', 'tupisumugupibada-gujocofihiretewi-conutiperivofexa', 'kiruputitekedere'],
  );
});

test('names are taken apart by what is known, longest first', () => {
  assert.deepEqual(
    shown('name', [
      'payment',
      'payment-7d9f-x2x9z',
      'Pod shop/payment-7d9f-x2x9z',
      'payment.shop.svc.cluster.local:8080',
      'fraud-detection',
      'fraud-payment-v2',
      'kube-system',
      'db-0',
      'team.example.com/owner',
      'app.kubernetes.io/name',
      '_payment__',
      '',
    ]),
    [
      '<payment>',
      '<payment>-<7d9f>-<x2x9z>',
      'Pod <shop>/<payment>-<7d9f>-<x2x9z>',
      '<payment>.<shop>.svc.cluster.local:8080',
      '<fraud-detection>',
      '<fraud>-<payment>-v2',
      'kube-system',
      'db-0',
      '<team>.<example>.com/<owner>',
      'app.kubernetes.io/name',
      '_<payment>__',
      '',
    ],
  );
});

test('shapes inside names: addresses, ids, images, paths, URLs', () => {
  assert.deepEqual(
    shown('name', [
      'ip-10-0-1-12.ec2.internal',
      'pvc-123e4567-e89b-12d3-a456-426614174000',
      '10.0.1.12:8080',
      'quay.io/acme/payment:v1.2.3',
      '/var/lib/payment/data.json',
      'https://payment:8080/v1/acme',
      '2024-account-123456',
      'host_10_0_1_12',
    ]),
    [
      'ip-<10-0-1-12>.ec2.internal',
      'pvc-<123e4567-e89b-12d3-a456-426614174000>',
      '<10.0.1.12>:8080',
      'quay.io/<acme>/<payment>:v1.2.3',
      '/var/lib/<payment>/data.json',
      'https://<payment>:8080/v1/<acme>',
      '<2024-account-123456>',
      'host_<10_0_1_12>',
    ],
  );
});

test('URLs are rewritten by segment and without user info', () => {
  assert.deepEqual(
    shown('url', [
      'https://bob:secret@payment.shop.svc:8443/api/v1/users/{id}/orders/12345/7?user=bob&limit=10#top',
      '/cart/caf%C3%A9',
      '/cart/caf%c3%a9',
      '/products/:id/*',
      '//payment/x',
      '?q=payment+shop',
    ]),
    [
      'https://<payment>.<shop>.svc:8443/api/v1/<users>/{id}/<orders>/<12345>/7?user=<bob>&limit=10#<top>',
      '/<cart>/<café>',
      '/<cart>/<caf>%<c3>%<a9>',
      '/<products>/:id/*',
      '//<payment>/<x>',
      '?<q>=<payment>+<shop>',
    ],
  );
});

test('statements keep their grammar', () => {
  assert.deepEqual(
    shown('statement', [
      `SELECT o.id, "Name" FROM orders AS o WHERE owner = 'it''s' AND sum > 12.5 ORDER BY o.age LIMIT $1`,
      `select 1 -- traceparent=00-4bf9`,
      `INSERT INTO payment VALUES (?, 0x1F, E'a\\'b', $q$x$q$) /* open`,
      'SELECT acme by ORDER from shop',
      'SET cart:12345 "{}" EX 60',
    ]),
    [
      'SELECT <o>.id, "Name" FROM <orders> AS <o> WHERE owner = ? AND sum > ? ORDER BY <o>.age LIMIT $1',
      'select ? ',
      'INSERT INTO <payment> VALUES (?, ?, ?, ?) ',
      'SELECT <acme> by ORDER from <shop>',
      'SET <cart>:? "{}" EX ?',
    ],
  );
});

test('operations keep what is technical', () => {
  assert.deepEqual(
    shown('operation', [
      'GET /cart/{id}',
      'oteldemo.PaymentService/Charge',
      'process.runtime.go.gc.count',
      'acme_requests_total',
      'SELECT shop.orders',
      'http.server.request.duration',
    ]),
    [
      'GET /<cart>/{id}',
      '<oteldemo>.<PaymentService>/<Charge>',
      'process.runtime.go.gc.count',
      '<acme>_requests_total',
      'SELECT <shop>.<orders>',
      'http.server.request.duration',
    ],
  );
});

test('in text, known names, ids, addresses and secrets are replaced, and nothing else', () => {
  assert.deepEqual(
    shown('text', [
      'PaymentService: payment-7d9f-x2x9z on ip-10-0-1-12 (10.0.1.12:443) at 12:34:56.789, code 4.2.1',
      'getPAYMENTStatus payment_id payment2 paymentx repayment shop/checkout-api, SHOP',
      'trace 4bf92f3577b34da6a3ce929d0e0e4736 span 00f067aa0ba902b7 uid 123e4567-e89b-12d3-a456-426614174000.',
      'peers 203_0_113_79, 203[.]0[.]113[.]80, a036.9f77.8899; ::1, fe80::1%eth0, 2001:db8::5: std::vector',
      'login by bob@example.com failed',
      '支付payment失败：10.0.1.12，“shop”…00f067aa0ba902b7…shop🍕\u00a0SHOP',
    ]),
    [
      '<Payment>Service: <payment>-<7d9f>-<x2x9z> on ip-<10-0-1-12> (<10.0.1.12>:443) at 12:34:56.789, code 4.2.1',
      'get<PAYMENT>Status <payment>_id <payment>2 paymentx repayment <shop>/<checkout>-api, <SHOP>',
      'trace <4bf92f3577b34da6a3ce929d0e0e4736> span <00f067aa0ba902b7> uid <123e4567-e89b-12d3-a456-426614174000>.',
      'peers <203_0_113_79>, <203[.]0[.]113[.]80>, <a036.9f77.8899>; ::1, fe80::1%eth0, <2001:db8::5>: std::vector',
      'login by <bob@example.com> failed',
      '支付<payment>失败：<10.0.1.12>，“<shop>”…<00f067aa0ba902b7>…<shop>🍕\u00a0<SHOP>',
    ],
  );
});

test('in text, letters of escapes do not hide what comes behind them', () => {
  assert.deepEqual(
    shown('text', [
      String.raw`a\npayment\t10.0.1.12 \u0026payment C:\payment C:\shop`,
      'next=%2Fpayment%3Fid%3D00f067aa0ba902b7&host=%5B2001:db8::5%5D',
      String.raw`"\x22payment\x22:\x2200f067aa0ba902b7\x22"`,
      '\u001b[31mpayment\u001b[0m \u001b[1;32mshop\u001b[mpayment',
    ]),
    [
      'a\\n<payment>\\t<10.0.1.12> \\u0026<payment> C:\\<payment> C:\\<shop>',
      'next=%2F<payment>%3Fid%3D<00f067aa0ba902b7>&host=%5B<2001:db8::5>%5D',
      String.raw`"\x22<payment>\x22:\x22<00f067aa0ba902b7>\x22"`,
      '\x1B[31m<payment>\x1B[0m \x1B[1;32m<shop>\x1B[m<payment>',
    ],
  );
});

test('in text, ids are found with other letters around them, and uids with underscores', () => {
  assert.deepEqual(
    shown('text', [
      'removed /kubepods/pod123e4567-e89b-12d3-a456-426614174000/x',
      'apod123e4567-e89b-12d3-a456-426614174000x, but pod123e4567-e89b_12d3-a456-426614174000',
      'x00f067aa0ba902b7ms X00F067AA0BA902B7, 0x00f067aa0ba902b7',
      'digest a94a8fe5ccb19ba61c4c0873d391e987982fbbd3',
      'took 0.12345678901234567s at seq1234567890123456',
    ]),
    [
      'removed /kubepods/pod<123e4567-e89b-12d3-a456-426614174000>/x',
      'apod<123e4567-e89b-12d3-a456-426614174000>x, but pod123e4567-e89b_12d3-a456-426614174000',
      'x<00f067aa0ba902b7>ms X<00F067AA0BA902B7>, 0x<00f067aa0ba902b7>',
      'digest a94a8fe5ccb19ba61c4c0873d391e987982fbbd3',
      'took 0.12345678901234567s at seq<1234567890123456>',
    ],
  );
  const { words } = wordsOf([]);
  const underscored = words.name('123e4567-e89b-12d3-a456-426614174000').replaceAll('-', '_');
  assert.equal(
    words.text('Created slice kubepods-pod123e4567_e89b_12d3_a456_426614174000.slice.'),
    `Created slice kubepods-pod${underscored}.slice.`,
  );
});

test('in text, ids are told from what is glued to them, be it of hexadecimal digits', () => {
  const span = 'deadbeefdeadbeef';
  const uid = '123e4567-e89b-12d3-a456-426614174000';
  const { words } = wordsOf(['cart', 'bank-of-zorgblat']);
  const [otherSpan, otherUid, cart] = [span, uid, 'cart'].map((name) => words.name(name));
  for (const [text, expected] of [
    [`${span}cart ${span}CartService`, `${otherSpan}${cart} ${otherSpan}${words.name('Cart')}Service`],
    [`${span}bank-of-zorgblat`, `${otherSpan}${words.name('bank-of-zorgblat')}`],
    [`${uid}cart ${uid}${uid}`, `${otherUid}${cart} ${otherUid}${otherUid}`],
    [`trace${span} ${span}${uid}`, `trace${otherSpan} ${otherSpan}${otherUid}`],
    [`%7B${span}cart%7D%22${uid}%22`, `%7B${otherSpan}${cart}%7D%22${otherUid}%22`],
    [`%${span} \\n${span}ms`, `%${otherSpan} \\n${otherSpan}ms`],
  ] as const) {
    assert.equal(words.text(text), expected);
  }
});

test('in text, a name that begins with an address is found as a whole', () => {
  const names = ['10-0-1-12-zorgblat', 'ip-10-0-1-12.rack7-zorgblat', '2001:db8::7-zorgblat'];
  const { words } = wordsOf(names);
  for (const name of names)
    assert.equal(words.text(`node ${name} is gone`), `node ${words.name(name)} is gone`);
  assert.equal(words.text('10-0-1-12-acme'), `${words.name('10-0-1-12')}-acme`);
});

test('in text, hosts are found by their shape, and files, classes and versions are none', () => {
  assert.deepEqual(
    shown('text', [
      'lookup checkout.globex-prod.internal: no such host, vault.corp:8200, db01.local, globex.com.',
      'a\\ncheckout.globex.lan host=%2Forders.globex.svc.cluster.local/x ip-10-0-1-12.ec2.internal ORDERS.GLOBEX.DEV',
      '10-0-1-12.globex.pod.cluster.local payment.shop.internal',
      'README.md app.module.ts com.globex.Foo.bar(Foo.java:3) a.java.lang.Foo kubelet.service 1.2.3-rc.4 this.client.get(x)',
      'It is done.no e.g. this http.server.request.duration globex_x.foo.bar.baz',
    ]),
    [
      'lookup <checkout>.<globex-prod>.internal: no such host, <vault>.<corp>:8200, <db01>.local, <globex>.com.',
      'a\\n<checkout>.<globex>.<lan> host=%2F<orders>.<globex>.svc.cluster.local/x ip-<10-0-1-12>.ec2.internal <ORDERS>.<GLOBEX>.<DEV>',
      '<10-0-1-12>.<globex>.pod.cluster.local <payment>.<shop>.internal',
      'README.md app.module.ts com.globex.Foo.bar(Foo.java:3) a.java.lang.Foo kubelet.service 1.2.3-rc.4 this.client.get(x)',
      'It is done.no e.g. this http.server.request.duration globex_x.foo.bar.baz',
    ],
  );
});

test('in text, a long name is found within longer words too', () => {
  const { words, notes } = wordsOf(['recommendation', 'recommendation-acme', 'cart']);
  let rewritten = words.text('no Recommendations, myrecommendation-acmes, carts recommendatio');
  for (const [pseudonym, original] of notes) rewritten = rewritten.replaceAll(pseudonym, `<${original}>`);
  assert.equal(rewritten, 'no <Recommendation>s, my<recommendation>-<acme>s, carts recommendatio');
});

for (const [name, text, gone] of [
  ['docker.io/acmecorp/payments', 'HEAD https://index.docker.io/acmecorp/payments 404', 'acmecorp'],
  ['docker.io/acmecorp/payments', 'pull docker.io/acmecorp/paymentsworker', 'acmecorp'],
  ['registry.k8s.io/globexpay/ledger', 'https://registry.k8s.io/globexpay/ledgerv2', 'globexpay'],
  ['127.0.0.1-globexpay', 'dial 127.0.0.1-globexpay refused', 'globexpay'],
  ['kubernetes.default.svc/globexpay', 'https://kubernetes.default.svc/globexpayments', 'globexpay'],
] as const) {
  test(`in text, a long name may begin in a host that stays: ${text}`, () => {
    assert.doesNotMatch(wordsOf([name]).words.text(text), new RegExp(gone));
  });
}

for (const address of [
  '::ffff:c633:6407',
  '::2001:db8:7',
  '::8:800:200c:417a',
  '::dead:beef:1',
  '::1',
  '2001:db8::7',
]) {
  test(`in text, an address is the same as in a column: ${address}`, () => {
    const { words } = wordsOf([]);
    const other = words.address(address);
    assert.equal(words.text(`from ${address} by [${address}]:443`), `from ${other} by [${other}]:443`);
  });
}

test('in text, a long name is not looked for across a pseudonym', () => {
  const { words } = wordsOf(['o-system-app']);
  // The pseudonym of `o` ends with an `o`.
  assert.equal(words.text('no o-system-app'), 'no wewokixikimafizo-system-app');
});

test('in text, a name is cut together with what it is encoded in, be it twice', () => {
  const { words } = wordsOf(['zorgblat', 'shop']);
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const hidden = ['hello from zorgblat', 'q=%7Aorgblat', base64('it is the shop')].map(base64);
  for (const run of [...hidden, 'q=%7Aorgblat&b', 'q=%257Aorgblat', '{\\u007aorgblat}']) {
    const [, rest] = words.text(`payload ${run} ends`).split('[encoded]');
    assert.match(rest ?? assert.fail(run), /^=* ends$/);
  }
  for (const said of ['dial 10.0.1.12:443', 'span 00f067aa0ba902b7', 'see db.globex.internal'].map(base64)) {
    assert.match(words.text(`payload ${said} ends`), /^payload \[encoded\]=* ends$/);
  }
  const ofNobody = ['dial 127.0.0.1:443', 'span 0000000000000000', 'see kubernetes.default.svc'].map(base64);
  for (const run of ofNobody) assert.equal(words.text(`payload ${run}`), `payload ${run}`);
  const harmless = ['newCartServiceClientFactory', base64('nothing to see'), '100%ab', 'next=%2Fcart'];
  for (const run of harmless) assert.equal(words.text(`payload ${run}`), `payload ${run}`);
  assert.equal(words.text('next=%2Fshop'), `next=%2F${words.name('shop')}`);
});

test('in text, a name is found whatever joins its parts, and a host by its first label', () => {
  const { words, notes } = wordsOf(['zorgblat-pay', 'vexnode-17.corp.example', 'a-shop']);
  const written = [
    'ZORGBLAT_PAY_SERVICE_HOST',
    'ZorgblatPayService',
    'zorgblat_pay_total',
    'zorgblatpay.',
    'vexnode-17 up',
  ];
  for (const text of written) {
    const rewritten = words.text(text);
    assert.doesNotMatch(rewritten, /zorgblat|vexnode/i);
    assert.match(rewritten, /(?:_SERVICE_HOST|Service|_total|\.| up)$/);
  }
  assert.equal(words.text('vexnode-17 up'), `${words.name('vexnode-17.corp.example').split('.')[0]} up`);
  assert.equal(words.text('zorgblat pay, ashop, zorgblatpayer'), 'zorgblat pay, ashop, zorgblatpayer');
  assert.ok([...notes.values()].includes('zorgblatpay'));
});

test('class keep lets only published words and numbers stay', () => {
  assert.deepEqual(
    shown('keep', [
      'ERROR',
      'POLICY_DENIED',
      '-12.5',
      'v1beta1',
      'acme-error',
      'SYN,ACK',
      'watch gap',
      '482913',
    ]),
    ['ERROR', 'POLICY_DENIED', '-12.5', 'v1beta1', '<acme>-error', 'SYN,ACK', 'watch gap', '<482913>'],
  );
});

test('every listed word is published, technical ones in each writing of one case', () => {
  const listed = `${KUBERNETES} ${PROTOCOLS} ${TECHNICAL}`.split(/\s+/).filter((word) => word !== '');
  assert.deepEqual(
    listed.filter((word) => !isPublishedWord(word)),
    [],
  );
  for (const word of ['GET', 'Cache', 'CACHE', 'SELECT', '200', 'v2beta1', 'eth0'])
    assert.ok(isPublishedWord(word));
  for (const word of ['cAche', 'Payment', '1000', 'v1acme', 'eth']) assert.ok(!isPublishedWord(word), word);
});

test('further words may be said to stay', () => {
  const vocabulary = new Vocabulary();
  vocabulary.addAll(['acme', 'payment']);
  const words = new Words({
    key: KEY,
    vocabulary,
    addresses: 'prefix',
    note: () => {},
    published: new Set(['acme', 'eu-1']),
  });
  assert.equal(words.name('acme-payment.eu-1'), `acme-${words.name('payment')}.eu-1`);
  assert.equal(words.text('acme down'), 'acme down');
  assert.ok(words.published('eu-1') && !words.published('payment'));
});
