import { readFileSync } from 'node:fs';

/** The environment is wrong. The message is one line that names each wrong variable. */
export class ConfigurationError extends Error {}

/** The variables whose value may stand in a file, named by `<NAME>_FILE`: Docker and Kubernetes give secrets to containers as files. */
export const secretVariables = [
  'APP_SECRET',
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_PASSWORD',
  'REDIS_URL',
  'REDIS_PASSWORD',
  'SMTP_URL',
  'SMTP_PASSWORD',
  'MAIL_DKIM_KEY',
] as const;

/** The addresses that a password of its own variable belongs to. */
const passwords = {
  DATABASE_PASSWORD: ['DATABASE_URL', 'DATABASE_DIRECT_URL'],
  REDIS_PASSWORD: ['REDIS_URL'],
  SMTP_PASSWORD: ['SMTP_URL'],
} as const;

/**
 * The environment with the secrets in place: the value of each `<NAME>_FILE` is read from its file, and each password is put into its
 * address. Line breaks at the end of a file are no part of the secret. The result has neither the file variables nor the passwords, so that it can
 * be passed to a process that reads it in the same way.
 * @throws ConfigurationError where a file cannot be read or is empty, or a value and its file are both set
 */
export function withSecrets(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const result = { ...environment };
  for (const name of secretVariables) {
    const file = result[`${name}_FILE`];
    delete result[`${name}_FILE`];
    if (!file) continue;
    if (result[name]) throw new ConfigurationError(`Set ${name} or ${name}_FILE, not both.`);
    result[name] = contentOf(file, `${name}_FILE`);
  }
  for (const [name, addresses] of Object.entries(passwords)) {
    const password = result[name];
    delete result[name];
    if (!password) continue;
    for (const address of addresses) result[address] = withPassword(result[address], password);
  }
  return result;
}

function contentOf(file: string, variable: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').replace(/[\r\n]+$/, '');
  } catch (error) {
    throw new ConfigurationError(
      `${variable}: the file ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`,
    );
  }
  if (text === '') throw new ConfigurationError(`${variable}: the file ${file} is empty`);
  return text;
}

/** An address that has a password keeps it. What is no address is refused by the schema of the environment. */
function withPassword(address: string | undefined, password: string): string | undefined {
  if (!address || !URL.canParse(address)) return address;
  const url = new URL(address);
  if (url.password === '') url.password = encodeURIComponent(password);
  return url.href;
}
