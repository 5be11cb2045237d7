import type { Secret } from './secret.js';

/** Options of one letter that take a password, by the programs that have them. */
const COMMANDS: readonly RegExp[] = [
  /(?<=\bcurl\b[^\n|;]{0,300}\s(?:-u|--user|--proxy-user|-U)[ =]?["']?)[^\s:"']{1,64}:[^\s"']{1,256}/g,
  /(?<=\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n|;]{0,300}\s-p["']?)[^\s"']{1,256}/g,
  /(?<=\bsshpass\s{1,2}-p\s{0,2}["']?)[^\s"']{1,256}/g,
  /(?<=\bredis-cli\b[^\n|;]{0,300}\s-a\s{1,2}["']?)[^\s"']{1,256}/g,
];
const COMMAND = /\b(?:curl|mysql|mariadb|sshpass|redis-cli)/;

/** Passwords in command lines. */
export function findInCommands(text: string, found: Secret[]): void {
  if (!text.includes(' -') || !COMMAND.test(text)) return;
  for (const command of COMMANDS)
    for (const { 0: match, index } of text.matchAll(command))
      found.push({ start: index, end: index + match.length, kind: 'password' });
}
