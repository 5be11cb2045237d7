import { ALPHANUMERIC, type Random } from './random.js';

/** A secret made up from chance: what must be gone, and the words in which it is said (itself among them). */
export interface Planted {
  readonly secret: string;
  readonly said: string;
}

type Make = (random: Random) => string;

const bare =
  (make: Make) =>
  (random: Random): Planted => {
    const secret = make(random);
    return { secret, said: secret };
  };

/** What only its surroundings tell: `say` puts the secret into words. */
const told =
  (make: Make, ...say: readonly ((secret: string) => string)[]) =>
  (random: Random): Planted => {
    const secret = make(random);
    return { secret, said: random.one(say)(secret) };
  };

/** A password as people and generators choose them, with a letter or digit first. */
const password: Make = (random) =>
  random.word() + random.string(random.between(5, 20), `${ALPHANUMERIC}!#%*+-_^~`);

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt: Make = (r) =>
  [
    base64url({ alg: 'RS256', kid: r.string(12) }),
    base64url({ sub: r.word(), exp: r.between(1e9, 2e9) }),
    r.string(86),
  ].join('.');

const pem: Make = (r) => {
  const kind = r.one(['', 'RSA ', 'EC ', 'OPENSSH ', 'ENCRYPTED ']);
  const lines = Array.from({ length: 6 }, () => r.string(64, `${ALPHANUMERIC}+/`));
  return [`${'-'.repeat(5)}BEGIN ${kind}PRIVATE KEY-----`, ...lines, `-----END ${kind}PRIVATE KEY-----`].join(
    '\n',
  );
};

/** Adds the digit that makes the Luhn sum a multiple of ten. */
function withLuhn(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const doubled = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return digits + ((10 - (sum % 10)) % 10);
}

const card: Make = (r) => {
  const digits = withLuhn(
    r.one(['4', '51', '55', '2221', '6011', '3528', '62']).padEnd(15, r.string(15, '0123456789')),
  );
  const separator = r.one(['', ' ', '-']);
  return (digits.match(/\d{4}/g) ?? []).join(separator);
};

const amex: Make = (r) => {
  const digits = withLuhn(`37${r.string(12, '0123456789')}`);
  return [digits.slice(0, 4), digits.slice(4, 10), digits.slice(10)].join(r.one(['', ' ', '-']));
};

const iban: Make = (r) => {
  const account = r.string(18, '0123456789');
  const remainder = BigInt(`${account}131400`) % 97n; // DE00, rotated and as numbers
  const whole = `DE${String(98n - remainder).padStart(2, '0')}${account}`;
  return r.one([whole, (whole.match(/.{1,4}/g) ?? []).join(' ')]);
};

const BYTES = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte));
const HEX = '0123456789abcdef';
const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const URL_SAFE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

/** A letter first and last, so that no separator at an end is taken for the sentence's. */
const urlSafe = (r: Random, length: number) => `a${r.string(length - 2, URL_SAFE)}Z`;

/** One maker for each kind of secret, after what the issuers document of their own. */
export const PLANTED: Readonly<Record<string, (random: Random) => Planted>> = {
  'PEM private key': bare(pem),
  'PEM private key in JSON': bare((r) => JSON.stringify(pem(r)).slice(1, -1)),
  'AWS access key id': bare(
    (r) => r.one(['AKIA', 'ASIA']) + r.string(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'),
  ),
  'AWS secret access key': told(
    (r) => r.string(40, `${ALPHANUMERIC}+/`),
    (s) => `aws_secret_access_key = ${s}`,
    (s) => `AWS_SECRET_ACCESS_KEY=${s}`,
    (s) => `"SecretAccessKey": "${s}"`,
  ),
  'Google API key': bare((r) => `AIza${urlSafe(r, 35)}`),
  'Google OAuth client secret': bare((r) => `GOCSPX-${urlSafe(r, 28)}`),
  'Google OAuth access token': bare((r) => `ya29.${urlSafe(r, 120)}`),
  'Azure storage connection string': told(
    (r) => `${r.string(86, `${ALPHANUMERIC}+/`)}==`,
    (s) => `DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=${s};EndpointSuffix=core.windows.net`,
  ),
  'Azure shared access signature': told(
    (r) => `${r.string(43, ALPHANUMERIC)}%3D`,
    (s) => `https://shop.blob.core.windows.net/a?sv=2024-11-04&se=2026-01-01&sr=b&sp=r&sig=${s}`,
  ),
  'Azure Service Bus key': told(
    (r) => `${r.string(43, `${ALPHANUMERIC}+/`)}=`,
    (s) => `Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey=${s}`,
  ),
  'Microsoft Entra client secret': bare((r) => `${r.string(3)}8Q~${r.string(34)}`),
  'GitHub token': bare((r) => `${r.one(['ghp', 'gho', 'ghu', 'ghs', 'ghr'])}_${r.string(36)}`),
  'GitHub fine-grained token': bare((r) => `github_pat_${r.string(22)}_${r.string(59)}`),
  'GitLab token': bare((r) => `${r.one(['glpat', 'glptt', 'gldt', 'glrt'])}-${urlSafe(r, 20)}`),
  'Slack bot token': bare((r) => `xoxb-${r.string(12, DIGITS)}-${r.string(12, DIGITS)}-${r.string(24)}`),
  'Slack webhook': told(
    (r) => `T${r.string(10, UPPER)}/B${r.string(10, UPPER)}/${r.string(24)}`,
    (s) => `https://hooks.slack.com/services/${s}`,
  ),
  'Stripe key': bare((r) => `${r.one(['sk', 'rk'])}_${r.one(['live', 'test'])}_${r.string(r.one([24, 99]))}`),
  'npm token': bare((r) => `npm_${r.string(36)}`),
  'PyPI token': bare((r) => `pypi-AgEIcHlwaS5vcmc${urlSafe(r, 100)}`),
  'Twilio key': bare((r) => `SK${r.string(32, HEX)}`),
  'SendGrid key': bare((r) => `SG.${urlSafe(r, 22)}.${urlSafe(r, 43)}`),
  'OpenAI key': bare((r) => `sk-${r.one(['', 'proj-', 'svcacct-'])}${urlSafe(r, 48)}`),
  'Anthropic key': bare((r) => `sk-ant-api03-${urlSafe(r, 95)}`),
  'Hugging Face token': bare(
    (r) => `hf_${r.string(34, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ')}`,
  ),
  'Docker token': bare((r) => `dckr_pat_${urlSafe(r, 27)}`),
  'Vault token': bare((r) => `${r.one(['hvs', 'hvb'])}.${urlSafe(r, 90)}`),
  'Databricks token': bare((r) => `dapi${r.string(32, HEX)}`),
  'Atlassian token': bare((r) => `ATATT3xFfGF0${urlSafe(r, 180)}`),
  'Shopify token': bare((r) => `${r.one(['shpat', 'shpca', 'shppa', 'shpss'])}_${r.string(32, HEX)}`),
  'Telegram bot token': bare((r) => `${r.between(1e8, 9e9)}:AA${urlSafe(r, 33)}`),
  'Discord bot token': bare((r) => `M${r.string(25)}.${r.string(6)}.${urlSafe(r, 38)}`),
  'DigitalOcean token': bare((r) => `dop_v1_${r.string(64, HEX)}`),
  'Grafana token': bare((r) => `glsa_${r.string(32)}_${r.string(8, HEX)}`),
  'New Relic key': bare((r) => `NRAK-${r.string(27, UPPER)}`),
  'OpenShift token': bare((r) => `sha256~${urlSafe(r, 43)}`),
  'age identity': bare((r) => `AGE-SECRET-KEY-1${r.string(58, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L')}`),
  'Google refresh token': bare((r) => `1//0${urlSafe(r, 60)}`),
  'AWS Bedrock key': bare((r) => `ABSK${r.string(128)}`),
  'EKS token': bare((r) => `k8s-aws-v1.${r.string(200)}`),
  'GitLab runner token': bare((r) => `GR1348941${urlSafe(r, 20)}`),
  'RubyGems key': bare((r) => `rubygems_${r.string(48, HEX)}`),
  'Cargo token': bare((r) => `cio${r.string(32)}`),
  'Mailgun key': bare((r) => `key-${r.string(32, HEX)}`),
  'Mailchimp Transactional key': bare((r) => `md-${r.string(22)}`),
  'Replicate token': bare((r) => `r8_${r.string(37)}`),
  'Groq key': bare((r) => `gsk_${r.string(52)}`),
  'Terraform Cloud token': bare((r) => `${r.string(14)}.atlasv1.${urlSafe(r, 67)}`),
  'Bitbucket app password': bare((r) => `ATBB${r.string(32)}`),
  'Square token': bare((r) => `sq0atp-${urlSafe(r, 22)}`),
  'Braintree token': bare((r) => `access_token$production$${r.string(16, LOWER)}$${r.string(32, HEX)}`),
  'Linear key': bare((r) => `lin_api_${r.string(40)}`),
  'Notion secret': bare((r) => `${r.one(['secret', 'ntn'])}_${r.string(43)}`),
  'Figma token': bare((r) => `figd_${urlSafe(r, 40)}`),
  'Dynatrace token': bare((r) => `dt0c01.${r.string(24, UPPER)}.${r.string(64, UPPER)}`),
  'Sentry token': bare((r) => `sntrys_${r.string(120)}`),
  'Postman key': bare((r) => `PMAK-${r.string(24, HEX)}-${r.string(34, HEX)}`),
  'Pulumi token': bare((r) => `pul-${r.string(40, HEX)}`),
  'Doppler token': bare((r) => `dp.pt.${r.string(43)}`),
  'Fly.io token': bare((r) => `fm2_${r.string(300)}`),
  'PlanetScale token': bare((r) => `pscale_tkn_${r.string(43)}`),
  'Supabase token': bare((r) => `sbp_${r.string(40, HEX)}`),
  'Tailscale key': bare((r) => `tskey-auth-${r.string(17)}-${r.string(32)}`),
  'Buildkite token': bare((r) => `bkua_${r.string(40, HEX)}`),
  'JFrog key': bare((r) => `AKCp${r.string(69)}`),
  'Airtable token': bare((r) => `pat${r.string(14)}.${r.string(64, HEX)}`),
  'Alibaba Cloud key id': bare((r) => `LTAI${r.string(20)}`),
  'Rancher token': bare((r) => `token-${r.string(5, LOWER)}:${r.string(54, LOWER)}`),
  'Discord webhook': told(
    (r) => `${r.string(18, '123456789')}/${urlSafe(r, 68)}`,
    (s) => `https://discord.com/api/webhooks/${s}`,
  ),
  'Facebook token': bare((r) => `EAA${r.string(150)}`),
  'JSON Web Token': bare(jwt),
  'Kubernetes bootstrap token': bare(
    (r) => `${r.string(6, LOWER)}.${r.string(15, LOWER)}${r.string(1, DIGITS)}`,
  ),
  'bearer token': told(
    (r) => r.string(r.between(20, 60)),
    (s) => `Authorization: Bearer ${s}`,
    (s) => `authorization="Bearer ${s}"`,
    (s) => `-H 'Authorization: Bearer ${s}'`,
    (s) => `sent bearer ${s}`,
  ),
  'basic credentials': told(
    (r) => Buffer.from(`${r.word()}:${password(r)}`).toString('base64'),
    (s) => `Authorization: Basic ${s}`,
    (s) => `{"Proxy-Authorization":"Basic ${s}"}`,
  ),
  cookie: told(
    (r) => r.string(r.between(6, 40)),
    (s) => `Cookie: theme=dark; sid=${s}`,
    (s) => `Set-Cookie: shop=${s}; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly`,
    (s) => `{"cookie":"cart=${s}; lang=en"}`,
  ),
  'user info': told(
    (r) => `${r.word()}:${password(r)}`,
    (s) => `postgres://${s}@db.shop.svc:5432/orders?sslmode=disable`,
    (s) => `mongodb+srv://${s}@cluster0.mongodb.net/?retryWrites=true`,
    (s) => `amqp://${s}@mq:5672/%2f`,
    (s) => `rediss://${s}@cache:6379/0`,
    (s) => `https://${s}@git.shop.internal/a.git`,
    (s) => `jdbc:postgresql://${s}@db/orders`,
    (s) => `dsn=${s}@tcp(10.0.0.9:3306)/orders`,
  ),
  'redis password': told(password, (s) => `redis://:${s}@cache:6379/0`),
  'value under a telling key': told(
    password,
    (s) => `password=${s}`,
    (s) => `DB_PASSWORD=${s} DB_HOST=db`,
    (s) => `dbPassword: ${s}`,
    (s) => `{"user":"bob","passwd":"${s}","port":1}`,
    (s) => `{'client_secret': '${s}'}`,
    (s) => `api_key="${s}"`,
    (s) => `x-api-key: ${s}`,
    (s) => `GET /login?user=bob&password=${encodeURIComponent(s)}&next=%2F`,
    (s) => `Server=db;Uid=sa;Pwd=${s};Encrypt=true`,
    (s) => `<password>${s}</password>`,
    (s) => `login --password ${s} --user bob`,
    (s) => `user[password]=${s}`,
    (s) => `{Password:${s} User:bob}`,
    (s) => `password => ${s}`,
    (s) => `password "${s}" was refused`,
  ),
  'quoted phrase': told(
    (r) => [r.word(), r.word(), r.word(), r.word()].join(' '),
    (s) => `{"passphrase": "${s}"}`,
    (s) => `password='${s}'`,
  ),
  'short token under a telling key': told(
    (r) => `${r.string(5, HEX)}${r.string(1, 'abcdef')}${r.string(1, DIGITS)}`,
    (s) => `token=${s}`,
    (s) => `{"access_token":"${s}"}`,
    (s) => `auth_token: ${s}`,
    (s) => `session_id=${s}`,
    (s) => `?sig=${s}`,
  ),
  'one-time code': told(
    (r) => r.string(6, '123456789'),
    (s) => `otp=${s}`,
    (s) => `{"pin": ${s}}`,
    (s) => `token: ${s}`,
  ),
  'e-mail address': bare(
    (r) => `${r.word()}.${r.word()}@${r.word()}.${r.one(['com', 'co.uk', 'io', 'example'])}`,
  ),
  card: bare(card),
  'American Express card': bare(amex),
  IBAN: bare(iban),
  'random string': bare((r) => r.string(r.between(24, 64))),
  'random URL-safe string': bare((r) => urlSafe(r, r.between(32, 64))),
  'random lower-case string': bare((r) => r.string(r.between(28, 64), LOWER)),
  'random base64': bare((r) => Buffer.from(r.string(48, BYTES), 'latin1').toString('base64')),
};
