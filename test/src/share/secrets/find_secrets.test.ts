import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findSecrets } from '../../../../src/share/secrets/find_secrets.js';
import { cut } from './cut.js';
import { PLANTED } from './planted.js';
import { Random } from './random.js';

/** Told by its key alone, so that no real-looking secret stands in this file. */
const word = 'hunter2';

test('only the secret is cut, and the words around it stay', () => {
  for (const [text, kept] of [
    [`login of bob: password=${word}, retry 3`, 'login of bob: password=[password], retry 3'],
    [`{"user":"bob","password":"${word}","port":5432}`, '{"user":"bob","password":"[password]","port":5432}'],
    [`{"log":"{\\"token\\":\\"${word}\\",\\"n\\":1}"}`, '{"log":"{\\"token\\":\\"[password]\\",\\"n\\":1}"}'],
    [`GET /a?token=${word}&page=2 HTTP/1.1`, 'GET /a?token=[password]&page=2 HTTP/1.1'],
    [`dial postgres://bob:${word}@db:5432/shop failed`, 'dial postgres://[credentials]@db:5432/shop failed'],
    [`https://bob:p/${word}@db/x`, 'https://[credentials]@db/x'],
    [`Cookie: a=${word}; b=${word} x=1`, 'Cookie: [cookie] x=1'],
    [`Authorization: Digest username="bob", response="${word}" 401`, 'Authorization: [authorization] 401'],
    ['mail bob@shop.example, please', 'mail [email], please'],
    // Without a border between them; the number is the one that card networks give for tests.
    [`shpat_${'a0'.repeat(16)}4111111111111111`, '[api-key][card]'],
    ['password=$ecret, {"password":"пароль"}', 'password=[password], {"password":"[password]"}'],
    [`curl -u bob:${word} https://shop.example/`, 'curl -u [password] https://shop.example/'],
    [`mysql -h db -p${word} shop`, 'mysql -h db -p[password] shop'],
    [
      `request "POST /login" body "{\\x22password\\x22:\\x22${word}\\x22}"`,
      'request "POST /login" body "{\\x22password\\x22:\\x22[password]\\x22}"',
    ],
    [`a?password\\u003d${word}\\u0026b=1`, 'a?password\\u003d[password]\\u0026b=1'],
    [`passwords: ["${word}", "b"]`, 'passwords: [[password]]'],
    [`The password is ${word}.`, 'The password is [password].'],
    ['password was swordfish, sorry', 'password was [password], sorry'],
    [`password ${word} refused`, 'password [password] refused'],
    [`note ${Buffer.from(`password is ${word}`).toString('base64')} end`, 'note [encoded] end'],
    ['OTP 482913, pin is 482913, code: 1a2b3c', 'OTP [password], pin is [password], code: [password]'],
    ['{"otp":"482913"} verification code 482913', '{"otp":"[password]"} verification code [password]'],
    [`run --key ${word} --port 1`, 'run --key [password] --port 1'],
    [`run --token ${word} --password=${word}`, 'run --token [password] --password=[password]'],
    [`run -u bob -p swordfish; run -p ${word}`, 'run -u bob -p [password]; run -p [password]'],
  ] as const)
    assert.equal(cut(text), kept);
});

test('what only resembles a secret stays', () => {
  for (const text of [
    'Failed password for root from 10.0.0.9 port 22 ssh2',
    'MountVolume.SetUp failed for volume "creds" : secret "db-credentials" not found',
    'Invalid token: signature expired',
    'SyntaxError: Unexpected token \'<\', "<!doctype" is not valid JSON',
    '{"password":null,"token":"","secret":"***","api_key":"$(API_KEY)","auth":true}',
    'using password: YES',
    'Scaled up replica set sk-payment-service-deployment-v2, machine md-workers-payment-service',
    'max_tokens=4096 prompt_tokens: 12',
    'session opened for user root by (uid=0)',
    'pam_unix(sshd:session): session closed',
    'trace 4bf92f3577b34da6a3ce929d0e0e4736 span 00f067aa0ba902b7',
    'image sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'pod payment-7d9f8b6c5d-x2x9z uid 0c6f1b1e-3f0b-4b3f-9a51-0b7f4c1c9e11',
    'at org.springframework.beans.factory.support.DefaultListableBeanFactory.preInstantiateSingletons',
    '/var/lib/kubelet/pods/volumes/kubernetes.io~projected/kube-api-access-8xq2v',
    'Started getty@tty1.service, pulled lodash@4.17.21',
    'order 4111111111111112 at 1700000000000000000, version 1.2.3-rc.4+build.20260101',
    'text/plain base64 aGVsbG8gd29ybGQsIGhvdyBhcmUgeW91',
    'Pulled docker-pullable://nginx@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'error code 482913, status code: 200200, zip code 90210123, exit code 137',
    'request-id 4fd2a1, request_id=482913, commit 1a2b3c',
    'password is required, the password is too short, the passphrase is not set, passwords are hashed with bcrypt',
    'password is always stale, the password is base64 encoded',
    'run --key /etc/x1.key --key tls1.key; ssh -p 2222 db; mkdir -p a1b2c3d4; docker run -p 8080:80 a',
    'ssh key SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8',
  ])
    assert.equal(cut(text), text);
});

/** What stands between two values in logs. */
const BORDERS = [' ', ', ', '; ', '\n', ' | ', '") ', '} ', ' - ', '\t'];

test('after the cut nothing is found, and the stretches are disjoint and in order', () => {
  const seed = String(Date.now() % 1_000_000_007);
  const names = Object.keys(PLANTED);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...names), fc.nat(), fc.constantFrom(...BORDERS)), { maxLength: 6 }),
      (parts) => {
        const text = parts
          .map(([name, n, between]) => `${PLANTED[name]?.(new Random(`${seed}/${n}`)).said}${between}`)
          .join('');
        let at = 0;
        for (const { start, end } of findSecrets(text)) {
          assert.ok(start >= at && end > start && end <= text.length);
          at = end;
        }
        const kept = cut(text);
        assert.deepEqual(findSecrets(kept), [], `${kept} of ${text}`);
      },
    ),
    { numRuns: 1000 },
  );
});

/** Texts on which an expression that backtracks, or a search begun again and again, would take quadratic time. */
const ADVERSARIAL: readonly string[] = [
  ...['a', '=', ':', '"', '\\', '-', '@', ')', ']', '.', '%', '%41', '+', '4', '4 ', '4-', 'A1', ' '],
  ...[
    'eyJ',
    'eyJ.',
    'eyJ-',
    'sk-',
    '://',
    '://a:',
    '://a:b',
    'a@',
    'a.',
    'a@b.',
    '-----BEGIN PRIVATE KEY-----',
  ],
  ...[
    'password="',
    'password=["',
    "token='\\",
    'token=',
    'password: ',
    'cookie:a=',
    'cookie: a=b; ',
    'Authorization: Digest a=b, ',
  ],
  ...[
    '<password>',
    '--password ',
    'curl -u ',
    'mysql -p',
    ' -p a',
    '--key a',
    '-u b -p ',
    'password is ',
    'code ',
    'GB29 ',
    'DE89',
    'bearer ',
    '\\u0022',
    '\\x3d',
    'Q~',
    ':AA',
    'MAAAA.',
    's.',
  ],
  ...['jdbc:oracle:thin:', 'a:b', 'password\\"', 'é', 'Zm9v', 'aB3_', 'aB3/', '${', '[x', '</'],
];

test('takes time linear in the length of a text', () => {
  const SHORT = 20_000;
  for (const part of ADVERSARIAL) {
    const cpu = (length: number) => {
      const text = part.repeat(Math.ceil(length / part.length));
      let least = Number.POSITIVE_INFINITY;
      for (let i = 0; i < 3; i++) {
        const before = process.cpuUsage();
        findSecrets(text);
        const { user, system } = process.cpuUsage(before);
        least = Math.min(least, user + system);
      }
      return least;
    };
    const short = cpu(SHORT);
    const long = cpu(SHORT * 8);
    // Eight times the text: about 8 if linear, 64 if quadratic; below 20 ms there is nothing to measure.
    assert.ok(
      long < 20_000 || long < 30 * short,
      `${JSON.stringify(part)}: ${short} us, eight times as long: ${long} us`,
    );
  }
});
