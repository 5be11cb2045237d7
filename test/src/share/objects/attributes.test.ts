import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DecodeError } from '../../../../src/errors.js';
import { anyValue } from '../../../../src/otlp/any_value.js';
import { isNameKey, isPersonal } from '../../../../src/share/objects/attribute_keys.js';
import { Attributes } from '../../../../src/share/objects/attributes.js';
import { redactDetail } from '../../../../src/share/objects/details.js';
import { redactEntityRefs } from '../../../../src/share/objects/entity_refs.js';
import { wordsOf } from '../words/tiny_words.js';

const { words } = wordsOf(['payment', 'ledger']);
const attributes = new Attributes(words);
const [payment, ledger, acme, order] = ['payment', 'ledger', 'acme', 'order'].map((name) => words.name(name));

test('keys of conventions stay, of others every part is renamed but those that are published', () => {
  assert.equal(attributes.key('http.route'), 'http.route');
  assert.equal(attributes.key('http.request.header.acme'), `http.request.header.${acme}`);
  assert.equal(attributes.key('acme.order.id'), `${acme}.${order}.id`);
});

const VALUES: readonly [key: string, type: string, value: string, redacted: string][] = [
  ['http.request.method', 's', 'GET', 'GET'],
  ['service.name', 's', 'payment', `${payment}`],
  ['http.route', 's', '/payment/{id}', `/${payment}/{id}`],
  [
    'db.query.text',
    's',
    "SELECT * FROM ledger WHERE acme = 'bob'",
    `SELECT * FROM ${ledger} WHERE ${acme} = ?`,
  ],
  ['rpc.service', 's', 'payment.Ledger', `${payment}.${words.name('Ledger')}`],
  [
    'exception.message',
    's',
    'payment: no ledger for bob@acme.example',
    `${payment}: no ${ledger} for [email]`,
  ],
  ['acme.note', 's', 'payment went on and well', `${payment} went on and well`],
  ['acme.tenant', 's', 'Globex  Industries', `${words.name('Globex')}  ${words.name('Industries')}`],
  ['acme.tenant', 's', 'Globex 482913', `${words.name('Globex')} ${words.name('482913')}`],
  [
    'user.full_name',
    's',
    'Ann Lee van Globex acme',
    ['Ann', 'Lee', 'van', 'Globex', 'acme'].map((part) => words.name(part)).join(' '),
  ],
  ['exception.message', 's', 'acme', `${acme}`],
  ['http.user_agent', 's', 'curl/8.1', 'curl/8.1'],
  ['http.user_agent', 's', 'acme/8.1', `${acme}/8.1`],
  ['user_agent.original', 's', 'kube-probe/1.29', 'kube-probe/1.29'],
  ['acme.started', 's', '2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'],
  ['acme.retries', 's', '12', '12'],
  [
    'acme.json',
    's',
    '{"payment":{"attempt":3,"note":"all is in ledger now"}}',
    `{"${payment}":{"attempt":3,"${words.name('note')}":"all is in ${ledger} now"}}`,
  ],
  ['acme.list', 'a', '["payment",1,1.0,true,null]', `["${payment}",1,1.0,true,null]`],
  [
    'acme.map',
    'm',
    '{"$$payment":{"$double":"NaN"},"order":{"$bytes":"AAE="}}',
    `{"$$${payment}":{"$double":"NaN"},"${order}":{"$bytes":""}}`,
  ],
  ['acme.odd', 'm', '{"$acme":{"$double":"order"}}', `{"$${acme}":{"$double":"${order}"}}`],
  ['http.response.status_code', 'i', '200', '200'],
  ['acme.ratio', 'd', '0.5', '0.5'],
  ['acme.flag', 'b', 'true', 'true'],
  ['acme.blob', 'y', 'AAE=', ''],
  ['acme.nothing', '-', '', ''],
];

test('values by their key and type', () => {
  for (const [key, type, value, redacted] of VALUES)
    assert.equal(attributes.value(key, type, value), redacted, `${key} ${value}`);
});

test('under the key of a secret nothing is read as text', () => {
  for (const key of ['acme.password', 'DB_PASSWORD', 'clientSecret']) {
    for (const secret of ['correct horse battery', 'postgres', 'payment']) {
      assert.equal(attributes.value(key, 's', secret), '[password]');
      assert.match(attributes.value('acme', 's', `{"${key}":"${secret}"}`), /:"\[password\]"}$/);
      assert.match(attributes.value('acme', 'm', `{"${key}":"${secret}"}`), /:"\[password\]"}$/);
    }
  }
  // A session stays one, and the same.
  assert.equal(attributes.value('session.id', 's', 's-4711-ledger'), words.name('s-4711-ledger'));
  assert.notEqual(words.name('s-4711-ledger'), 's-4711-ledger');
});

test('cookies, credentials and codes are cut, and a token by what kind it is', () => {
  const stripe = `sk_${'live'}_${'a1B2'.repeat(6)}`;
  for (const [key, type, value, redacted] of [
    ['http.request.header.cookie', 'a', '["sid=abc; theme=dark"]', '["[cookie]"]'],
    ['http.response.header.set-cookie', 's', 'sid=abc; Path=/', '[cookie]'],
    ['http.request.header.authorization', 's', 'Basic Ym9i', '[authorization]'],
    ['acme.pin', 's', '482913', '[password]'],
    ['acme.pass', 'i', '12', '12'],
    ['acme', 'm', `{"api_key":"${stripe}"}`, `{"${words.name('api_key')}":"[api-key]"}`],
  ] as const)
    assert.equal(attributes.value(key, type, value), redacted);
  assert.equal(attributes.body('s', `{"api_key":"${stripe}"}`), `{"${words.name('api_key')}":"[api-key]"}`);
  assert.notEqual(attributes.value('acme.pin', 'i', '482913'), '482913');
});

test('integers of persons and cards become others, the same for the same', () => {
  assert(isPersonal('user.id') && isPersonal('billing.account') && isPersonal('cardNumber'));
  assert(!isPersonal('http.response.body.size') && !isPersonal('discard') && !isPersonal('user_agent.count'));
  const user = attributes.value('user.id', 'i', '1234567');
  assert.match(user, /^\d+$/);
  assert.notEqual(user, '1234567');
  assert.equal(attributes.value('enduser.id', 'i', '1234567'), user);
  assert(BigInt(user) < 2n ** 63n);
  assert.notEqual(attributes.value('acme.n', 'i', '4111111111111111'), '4111111111111111');
  assert.equal(attributes.value('acme.n', 'i', '4111111111111112'), '4111111111111112');
  assert.equal(attributes.value('acme.m', 'm', '{"user.id":1234567}'), `{"user.id":${user}}`);
  assert.equal(attributes.value('user.id', 's', '1234567'), words.name('1234567'));
});

test('doubles of persons and cards become others, and stay doubles', () => {
  for (const [key, text] of [
    ['customer.id', '49151234567'],
    ['acme.n', '378282246310005'],
    ['acme.n', '3.78282246310005e14'],
    ['geo.lat', '-52.52'],
  ] as const) {
    const redacted = attributes.value(key, 'd', text);
    assert.notEqual(Number(redacted), Number(text), `${key} ${text}`);
    assert.match(redacted, /^-?\d+(?:\.0)?$/);
  }
  assert.notEqual(attributes.body('d', '378282246310005'), '378282246310005');
  assert.match(
    attributes.value('acme.m', 'm', '{"card":378282246310005.0}'),
    /:(?!378282246310005)\d+\.0\}$/,
  );
  assert.equal(attributes.value('acme.n', 'd', '0.12345678901234567'), '0.12345678901234567');
});

test('codes under the key of a secret become 0', () => {
  assert.equal(attributes.value('acme.password', 'i', '12345678'), '0');
  assert.equal(attributes.value('acme.password', 'd', '12345678'), '0');
  assert.equal(attributes.body('s', '{"password":12345678}'), '{"password":0}');
  assert.equal(attributes.body('m', '{"password":12345.0}'), '{"password":0.0}');
  assert.equal(attributes.value('tests.pass', 'i', '3'), '3');
});

test('of dates, places and numbers of a person no part stays', () => {
  for (const [key, text] of [
    ['dob', '1987-03-14'],
    ['dateOfBirth', '1987-03-14T00:00:00Z'],
    ['acme.zip', '90210'],
    ['lat', '52.5200066'],
    ['phone', '+49 (151) 234-567'],
  ] as const) {
    const redacted = attributes.value(key, 's', text);
    assert.equal(redacted, words.name(text.replace(/\D/g, '')), key);
    assert.doesNotMatch(redacted, /\d/, key);
  }
  assert.equal(attributes.value('user.id', 's', '10.0.1.12'), words.address('10.0.1.12'));
});

test('what is a word of software and the name of somebody too is a name', () => {
  for (const name of ['mark', 'Mark', 'target', 'express', 'spring', 'Winston'])
    assert.notEqual(attributes.value('user.name', 's', name), name);
  assert.equal(words.operation('spring-webmvc'), 'spring-webmvc');
});

test('what stands for a number is noted with it', () => {
  const { words, notes } = wordsOf([]);
  const attributes = new Attributes(words);
  for (const [type, number] of [
    ['i', '4711'],
    ['i', '4111111111111111'],
    ['d', '4.711e15'],
  ] as const) {
    const redacted = attributes.value('account', type, number);
    assert.equal(notes.get(redacted), number);
    assert.equal(attributes.value('account', type, `-${number}`), `-${redacted}`);
  }
  // Its pseudonym as an id is of digits alone, as that of one in two thousand is.
  const digits = Array.from({ length: 20_000 }, (_, i) => String(4e15 + i));
  const ids = digits.filter((number) => /^\d+$/.test(words.name(number)));
  assert.ok(ids.length > 0);
  for (const number of ids) assert.notEqual(attributes.value('account', 'i', number), number);
});

test('two integers stay two', () => {
  const integer = fc.bigInt({ min: 1000n, max: 2n ** 63n - 1n }).map(String);
  fc.assert(
    fc.property(fc.uniqueArray(integer), (integers) => {
      const redacted = integers.map((text) => attributes.value('user.id', 'i', text));
      assert.equal(new Set(redacted).size, integers.length);
      for (const text of redacted) assert(BigInt(text) < 2n ** 63n);
    }),
  );
});

test('lists and maps stay what a tape keeps', () => {
  const text = '{"a":[1.0,9007199254740993,{"$double":"Infinity"}],"a":"twice"}';
  const redacted = attributes.value('acme', 'm', text);
  const a = words.name('a');
  assert.deepEqual(
    anyValue(redacted, 'm'),
    anyValue(text.replaceAll('"a"', `"${a}"`).replace('twice', words.name('twice')), 'm'),
  );
  assert.throws(() => attributes.value('acme', 'm', '{'), DecodeError);
});

test('bodies are text, or JSON level by level', () => {
  assert.equal(attributes.body('s', 'payment failed'), `${payment} failed`);
  assert.equal(
    attributes.body('s', '{"message":"payment failed","level":3}'),
    `{"message":"${payment} failed","${words.name('level')}":3}`,
  );
  assert.equal(attributes.body('s', '{payment} failed'), `{${payment}} failed`);
  assert.equal(attributes.body('i', '7'), '7');
});

test('hosts and files in particulars are names', () => {
  const acmeExample = words.name('acme.example');
  assert.equal(
    redactDetail('Get "https://acme.example:6443/api": lookup acme.example: no such host', words),
    `Get "https://${acmeExample}:6443/api": lookup ${acmeExample}: no such host`,
  );
  assert.equal(
    redactDetail('could not read /ledger/acme.json, 3 times', words),
    `could not read /${ledger}/${acme}.json, 3 times`,
  );
});

test('entities are told by published keys', () => {
  const refs =
    '[{"schemaUrl":"","type":"service","idKeys":["service.name","acme.order"],"descriptionKeys":[]}]';
  assert.equal(redactEntityRefs(refs, words), refs.replace('acme.order', `${acme}.${order}`));
});

test('values are names that texts mention under keys of services, hosts and pods, not under keys of states', () => {
  for (const key of [
    'service.name',
    'k8s.pod.name',
    'host.name',
    'server.address',
    'db.namespace',
    'messaging.destination.name',
  ])
    assert(isNameKey(key), key);
  for (const key of [
    'acme.state',
    'http.request.method',
    'service.version',
    'k8s.pod.phase',
    'telemetry.sdk.language',
  ])
    assert(!isNameKey(key), key);
});
