import type { Secret } from './secret.js';

/** Options of one letter that take a password, by the programs that have them. */
const COMMANDS: readonly RegExp[] = [
  /(?<=\bcurl\b[^\n|;]{0,300}\s(?:-u|--user|--proxy-user|-U)[ =]?["']?)[^\s:"']{1,64}:[^\s"']{1,256}/g,
  /(?<=\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n|;]{0,300}\s-p["']?)[^\s"']{1,256}/g,
  /(?<=\bsshpass\s{1,2}-p\s{0,2}["']?)[^\s"']{1,256}/g,
  /(?<=\bredis-cli\b[^\n|;]{0,300}\s-a\s{1,2}["']?)[^\s"']{1,256}/g,
];
const COMMAND = /\b(?:curl|mysql|mariadb|sshpass|redis-cli)/;

/** Programs whose `-p` is a port, a project, a pod or a parent. */
const NO_PASSWORD = 'kubectl|oc|docker|docker-compose|podman|ssh|scp|mkdir|npx';
/** Not an option, a variable or a placeholder. */
const NO_VALUE = '(?![-$<{[])';
/** `--key V` and `-p V` of any program; a password behind a user, else what has digits, and letters behind `-p`. */
const OPTIONS: readonly RegExp[] = [
  `(?<=(?:^|[\\s"'])--?key[ =]{1,2}["']?)${NO_VALUE}(?=[^\\s"']{0,64}\\d)[^\\s"'/\\\\,;|]{6,256}`,
  `(?<=\\s(?:-u|-U|--user|--username)[ =]?\\S{1,64}[^\\n|;]{0,100}\\s-p\\s{1,2}["']?)${NO_VALUE}[^\\s"';|]{3,256}`,
  `(?<!\\b(?:${NO_PASSWORD})\\b[^\\n|;]{0,100})(?<=\\s-p\\s{1,2}["']?)${NO_VALUE}` +
    `(?=[^\\s"']{0,64}[A-Za-z])(?=[^\\s"']{0,64}\\d)[^\\s"'/:.,=;|]{6,256}(?![^\\s"';|])`,
].map((option) => new RegExp(option, 'g'));
const OPTION = /-(?:key|p)[ =]/;
/** Files, ports and pairs of them. */
const FILE_OR_PORT = /\.\w{1,5}$|^\d{1,5}(?::\d{1,5})?(?:\/\w+)?$/;

/** Passwords in command lines. */
export function findInCommands(text: string, found: Secret[]): void {
  if (!text.includes('-')) return;
  if (OPTION.test(text)) addMatches(OPTIONS, text, found);
  if (COMMAND.test(text)) addMatches(COMMANDS, text, found);
}

function addMatches(patterns: readonly RegExp[], text: string, found: Secret[]): void {
  for (const pattern of patterns)
    for (const { 0: match, index } of text.matchAll(pattern))
      if (patterns === COMMANDS || !FILE_OR_PORT.test(match))
        found.push({ start: index, end: index + match.length, kind: 'password' });
}
