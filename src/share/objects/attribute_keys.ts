/** What the strings under a key are, where their look does not tell. */
export type AttributeRule = 'url' | 'statement' | 'operation';

/** Keys of the semantic conventions, older ones too. Source: opentelemetry.io/docs/specs/semconv/registry/attributes. */
const KEYS: Readonly<Record<AttributeRule, string>> = {
  url: `url.full url.path url.query url.original url.template url.fragment http.url http.target http.route http.path
    browser.url`,
  statement: 'db.statement db.query.text db.query.summary db.cassandra.statement sql.query graphql.document',
  operation: `rpc.service rpc.method messaging.operation.name graphql.operation.name code.function code.function.name
    code.namespace`,
};

/** Keys of what people and programs say in sentences; also as logging libraries call them in JSON. */
const TEXT_KEYS = new Set(
  `message msg error err log stack stacktrace stack_trace short_message full_message error.message exception.message
  exception.stacktrace code.stacktrace process.command_line log.record.original db.response.message user_agent.original
  http.user_agent osImage`.split(/\s+/),
);

const BY_KEY: ReadonlyMap<string, AttributeRule> = new Map(
  Object.entries(KEYS).flatMap(([rule, keys]) =>
    keys.split(/\s+/).map((key) => [key, rule as AttributeRule] as const),
  ),
);

export function attributeRule(key: string): AttributeRule | undefined {
  return BY_KEY.get(key);
}

/** Whether strings under a key are sentences; one without blanks may be somebody's name all the same. */
export function isTextKey(key: string): boolean {
  return TEXT_KEYS.has(key);
}

const PERSONS =
  'user enduser customer client member patient employee account acct card pan iban ssn tax passport phone mobile msisdn imsi imei tel ' +
  'pin otp dob birth birthday birthdate zip zipcode postcode postal lat latitude lon lng longitude';
const PERSON = new RegExp(
  `(?:^|[^A-Za-z])(?:${PERSONS.replaceAll(' ', '|')})(?:[._-]?(?:id|no|nr|number|code|date))?$`,
  'i',
);

/** Whether numbers under a key are of persons, accounts or cards: `user.id`, `billing.account`, `cardNumber`. */
export function isPersonal(key: string): boolean {
  const known = PERSONAL.get(key);
  if (known !== undefined) return known;
  if (PERSONAL.size >= MOST_KNOWN) PERSONAL.clear();
  const personal = PERSON.test(key.replace(/([a-z])([A-Z])/g, '$1_$2'));
  PERSONAL.set(key, personal);
  return personal;
}

/** Keys are few, and their values many. */
const PERSONAL = new Map<string, boolean>();
const MOST_KNOWN = 10_000;

/** Keys whose values are names by which people speak of things; what stands below them too. */
const NAMES = `k8s service host container.name container.image cloud.account cloud.resource_id server.address
  net.peer.name net.host.name peer.service db.name db.namespace db.user db.collection.name messaging.destination
  messaging.consumer enduser user.id user.name user.full_name deployment faas.name process.owner device.id tenant`;
const NAME = new RegExp(`^(?:${NAMES.replaceAll('.', '\\.').split(/\s+/).join('|')})(?:$|\\.)`);
const NO_NAME = /(?:version|\.(?:type|language|port|count|status|phase|unit|architecture|kind))$/;

/** Whether a value under a key is a name that is to be found in text too. */
export function isNameKey(key: string): boolean {
  return NAME.test(key) && !NO_NAME.test(key);
}
