import type { Secret } from './secret.js';

/** A token that its issuer marks: how it begins, and what follows (a regular expression, each part bounded). */
interface VendorToken {
  /** Who documents the form. */
  readonly source: string;
  readonly starts: readonly string[];
  readonly rest: string;
}

/** Letters and digits; with `-` and `_`; hexadecimal digits. */
const WORD = '[A-Za-z0-9]';
const URL_SAFE = '[\\w-]';
const HEX = '[0-9a-fA-F]';

const VENDOR_TOKENS: readonly VendorToken[] = [
  {
    source: 'AWS IAM: unique identifiers, prefixes of access keys and temporary credentials',
    starts: ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    rest: '[A-Z2-7]{16}(?![A-Za-z0-9])',
  },
  { source: 'AWS Bedrock: API keys', starts: ['ABSK'], rest: '[A-Za-z0-9+/]{100,300}={0,2}' },
  { source: 'Amazon EKS: token of aws-iam-authenticator', starts: ['k8s-aws-v1.'], rest: '[\\w=-]{20,4000}' },
  { source: 'Google Cloud: API keys', starts: ['AIza'], rest: `${URL_SAFE}{35}` },
  { source: 'Google: OAuth client secret', starts: ['GOCSPX-'], rest: `${URL_SAFE}{28}` },
  { source: 'Google: OAuth access token', starts: ['ya29.'], rest: '[\\w.-]{20,2048}' },
  { source: 'Google: OAuth refresh token', starts: ['1//0'], rest: `${URL_SAFE}{30,200}` },
  {
    source: 'GitHub: token formats',
    starts: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    rest: `${WORD}{36,255}`,
  },
  { source: 'GitHub: fine-grained personal access tokens', starts: ['github_pat_'], rest: '\\w{50,255}' },
  {
    source: 'GitLab: token prefixes',
    starts: [
      ...['glpat-', 'gldt-', 'glrt-', 'glrtr-', 'glcbt-', 'glptt-', 'glft-', 'glimt-', 'glagent-', 'glwt-'],
      ...['glsoat-', 'glffct-', 'gloas-'],
    ],
    rest: '[\\w.-]{20,300}',
  },
  { source: 'GitLab: runner registration token', starts: ['GR1348941'], rest: `${URL_SAFE}{20,50}` },
  {
    source: 'Slack: token types',
    starts: [
      'xoxa-',
      'xoxb-',
      'xoxe-',
      'xoxe.',
      'xoxo-',
      'xoxp-',
      'xoxr-',
      'xoxs-',
      'xoxc-',
      'xoxd-',
      'xapp-',
      'xwfp-',
    ],
    rest: '[\\w.%-]{10,400}',
  },
  {
    source: 'Slack: incoming webhooks',
    starts: ['hooks.slack.com/'],
    rest: '(?:services|workflows|triggers)/[\\w/-]{20,200}',
  },
  {
    source: 'Stripe: API keys',
    starts: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'sk_org_', 'whsec_'],
    rest: `${WORD}{16,255}`,
  },
  { source: 'npm: access tokens', starts: ['npm_'], rest: `${WORD}{36}(?!${WORD})` },
  { source: 'PyPI: API tokens (macaroons)', starts: ['pypi-'], rest: `AgE${URL_SAFE}{50,1000}` },
  { source: 'RubyGems: API keys', starts: ['rubygems_'], rest: `${HEX}{48}` },
  { source: 'Cargo (crates.io): API tokens', starts: ['cio'], rest: `${WORD}{32}(?!${WORD})` },
  { source: 'Twilio: API keys', starts: ['SK'], rest: '[0-9a-f]{32}(?![A-Za-z0-9])' },
  { source: 'SendGrid: API keys', starts: ['SG.'], rest: `${URL_SAFE}{22}\\.${URL_SAFE}{43}` },
  { source: 'Mailgun: API keys', starts: ['key-'], rest: '[0-9a-f]{32}(?![A-Za-z0-9])' },
  {
    source: 'Mailchimp Transactional: API keys',
    starts: ['md-'],
    rest: `${WORD}{22}(?!${WORD})`,
  },
  {
    source: 'Brevo: API keys',
    starts: ['xkeysib-', 'xsmtpsib-'],
    rest: `${URL_SAFE}{60,100}`,
  },
  {
    source: 'OpenAI, Anthropic, OpenRouter and others: API keys',
    starts: ['sk-'],
    // Names begin so too: keys are hexadecimal, or have capitals and digits, or are long with many capitals.
    rest:
      '(?:[0-9a-f]{32}(?!\\w)|(?=[\\w-]{0,250}[A-Z])(?=[\\w-]{0,250}\\d)[\\w-]{20,250}' +
      '|(?=(?:[a-z\\d_-]{0,40}[A-Z]){4})[\\w-]{40,250})',
  },
  {
    source: 'Hugging Face: user access tokens',
    starts: ['hf_', 'api_org_'],
    rest: '[A-Za-z]{34}(?![A-Za-z0-9])',
  },
  { source: 'Replicate: API tokens', starts: ['r8_'], rest: `${WORD}{37}` },
  { source: 'Groq, xAI, Perplexity: API keys', starts: ['gsk_', 'xai-', 'pplx-'], rest: `${WORD}{40,90}` },
  {
    source: 'Docker Hub: personal and organisation access tokens',
    starts: ['dckr_pat_', 'dckr_oat_'],
    rest: `${URL_SAFE}{27,60}`,
  },
  {
    source: 'HashiCorp Vault: service, batch and recovery tokens',
    starts: ['hvs.', 'hvb.', 'hvr.'],
    rest: `${URL_SAFE}{20,500}`,
  },
  {
    source: 'HashiCorp Vault: service tokens before 1.10',
    starts: ['s.'],
    rest: '(?=[A-Za-z]{0,23}\\d)[A-Za-z0-9]{24}(?![A-Za-z0-9])',
  },
  {
    source: 'Databricks: personal access tokens',
    starts: ['dapi', 'dkea', 'dose'],
    rest: '[0-9a-f]{32}(?:-\\d)?(?![A-Za-z0-9])',
  },
  { source: 'Atlassian Cloud: API tokens', starts: ['ATATT3x', 'ATCTT3x'], rest: '[\\w=-]{50,400}' },
  { source: 'Bitbucket: app passwords', starts: ['ATBB'], rest: `${WORD}{32}(?!${WORD})` },
  { source: 'Shopify: access tokens', starts: ['shpat_', 'shpca_', 'shppa_', 'shpss_'], rest: `${HEX}{32}` },
  { source: 'Square: access tokens', starts: ['sq0atp-', 'sq0csp-'], rest: `${URL_SAFE}{22,60}` },
  {
    source: 'PayPal Braintree: access tokens',
    starts: ['access_token$'],
    rest: '(?:production|sandbox)\\$[0-9a-z]{16}\\$[0-9a-f]{32}',
  },
  { source: 'DigitalOcean: tokens', starts: ['dop_v1_', 'doo_v1_', 'dor_v1_'], rest: '[0-9a-f]{64}' },
  { source: 'Linear: API keys', starts: ['lin_api_', 'lin_oauth_'], rest: `${WORD}{32,64}` },
  { source: 'Notion: integration secrets', starts: ['secret_', 'ntn_'], rest: `${WORD}{40,60}` },
  {
    source: 'Figma: personal access tokens',
    starts: ['figd_', 'figdr_', 'figu_'],
    rest: `${URL_SAFE}{20,60}`,
  },
  {
    source: 'Grafana: service account and cloud tokens',
    starts: ['glsa_', 'glc_'],
    rest: '[\\w+/=]{30,400}',
  },
  { source: 'New Relic: keys', starts: ['NRAK-', 'NRII-', 'NRJS-', 'NRRA-'], rest: `${URL_SAFE}{19,50}` },
  {
    source: 'Dynatrace: access tokens',
    starts: ['dt0c01.', 'dt0s01.', 'dt0s02.', 'dt0s16.'],
    rest: '[A-Z0-9]{8,24}\\.[A-Z0-9]{64}',
  },
  { source: 'Sentry: auth tokens', starts: ['sntrys_', 'sntryu_'], rest: '[\\w+/=-]{40,400}' },
  { source: 'Postman: API keys', starts: ['PMAK-'], rest: '[0-9a-f]{24}-[0-9a-f]{34}' },
  { source: 'Pulumi: access tokens', starts: ['pul-'], rest: '[0-9a-f]{40}' },
  {
    source: 'Doppler: tokens',
    starts: ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'],
    rest: '[\\w.-]{40,80}',
  },
  { source: 'Fly.io: access tokens', starts: ['fm1a_', 'fm1r_', 'fm2_', 'fo1_'], rest: '[\\w+/=-]{40,2000}' },
  {
    source: 'PlanetScale: tokens and passwords',
    starts: ['pscale_tkn_', 'pscale_pw_', 'pscale_oauth_'],
    rest: '[\\w.=-]{32,64}',
  },
  {
    source: 'Supabase: access tokens and secret keys',
    starts: ['sbp_', 'sb_secret_'],
    rest: `${URL_SAFE}{20,60}`,
  },
  { source: 'Tailscale: keys', starts: ['tskey-'], rest: `[a-z]{3,12}-${URL_SAFE}{10,80}` },
  {
    source: 'Buildkite, CircleCI, SonarQube: tokens',
    starts: ['bkua_', 'CCIPAT_', 'squ_', 'sqp_', 'sqa_'],
    rest: '\\w{40,80}',
  },
  { source: 'JFrog: API keys and reference tokens', starts: ['AKCp', 'cmVmdGtu'], rest: `${WORD}{50,80}` },
  { source: 'Airtable: personal access tokens', starts: ['pat'], rest: `${WORD}{14}\\.[0-9a-f]{64}` },
  { source: 'Alibaba Cloud: access key ids', starts: ['LTAI'], rest: `${WORD}{16,20}(?!${WORD})` },
  { source: 'Tencent Cloud: secret ids', starts: ['AKID'], rest: `${WORD}{32}(?!${WORD})` },
  { source: 'OpenShift: OAuth tokens', starts: ['sha256~'], rest: `${URL_SAFE}{43}` },
  { source: 'Rancher: API tokens', starts: ['token-', 'kubeconfig-'], rest: '[a-z0-9-]{5,40}:[a-z0-9]{54}' },
  {
    source: 'age: identities',
    starts: ['AGE-SECRET-KEY-1', 'AGE-SECRET-KEY-PQ-1'],
    rest: '[A-Z0-9]{58,2000}',
  },
  {
    source: 'Discord: webhooks',
    starts: ['discord.com/api/webhooks/', 'discordapp.com/api/webhooks/'],
    rest: `\\d{17,20}/${URL_SAFE}{60,80}`,
  },
  { source: 'Facebook: access tokens', starts: ['EAA'], rest: `${WORD}{60,300}` },
];

/** A token that only its inner form gives away: a literal that it contains, and the whole of it. */
interface ShapedToken {
  readonly source: string;
  readonly contains: string;
  readonly pattern: RegExp;
}

const SHAPED_TOKENS: readonly ShapedToken[] = [
  {
    source: 'HashiCorp Terraform Cloud: API tokens',
    contains: '.atlasv1.',
    pattern: /(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,70}/g,
  },
  {
    source: 'Telegram: bot tokens',
    contains: ':AA',
    pattern: /(?<!\d)\d{6,10}:AA[\w-]{33}(?![\w-])/g,
  },
  {
    source: 'Discord: bot tokens',
    contains: '.',
    pattern: /(?<![A-Za-z0-9])[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,38}/g,
  },
  {
    source: 'Microsoft Entra ID: client secrets',
    contains: 'Q~',
    pattern: /(?<![A-Za-z0-9])[\w.~-]{3}\dQ~[\w.~-]{31,34}/g,
  },
];

/** Beginnings and what follows them, by the first two characters (all ASCII). */
const BY_PAIR: { readonly start: string; readonly rest: RegExp }[][] = Array.from(
  { length: 128 * 128 },
  () => [],
);
const pairAt = (text: string, at: number) => text.charCodeAt(at) * 128 + text.charCodeAt(at + 1);
for (const { starts, rest } of VENDOR_TOKENS)
  for (const start of starts) BY_PAIR[pairAt(start, 0)]?.push({ start, rest: new RegExp(rest, 'y') });

const NONE: (typeof BY_PAIR)[number] = [];

/** How far before a run of 16 characters a token can begin: `access_token$production$` is the longest. */
const BEFORE = 40;

const isAlphanumeric = (code: number) =>
  (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);

/** The end of the marked token that begins at `at`, or -1. */
function endOfMarked(text: string, at: number): number {
  for (const { start, rest } of BY_PAIR[pairAt(text, at)] ?? NONE) {
    if (!text.startsWith(start, at)) continue;
    rest.lastIndex = at + start.length;
    if (rest.test(text)) return rest.lastIndex;
  }
  return -1;
}

/** Keys and tokens whose issuers gave them a form by which they can be told; each has one of `runs`, or ends in one. */
export function findVendorTokens(text: string, runs: readonly number[], found: Secret[]): void {
  let at = 0;
  for (let i = 0; i + 1 < runs.length; i += 2) {
    at = Math.max(at, (runs[i] ?? 0) - BEFORE);
    for (const last = (runs[i + 1] ?? 0) - 1; at < last; at++) {
      if (at > 0 && isAlphanumeric(text.charCodeAt(at - 1))) continue;
      const end = endOfMarked(text, at);
      if (end < 0) continue;
      found.push({ start: at, end, kind: 'api-key' });
      at = end - 1;
    }
  }
  for (const { contains, pattern } of SHAPED_TOKENS) {
    if (!text.includes(contains)) continue;
    for (const { 0: match, index } of text.matchAll(pattern))
      found.push({ start: index, end: index + match.length, kind: 'api-key' });
  }
}
