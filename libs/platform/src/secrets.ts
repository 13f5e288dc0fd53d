import { readFileSync } from 'node:fs';

/** The environment is invalid. The message is one line that names each invalid variable. */
export class ConfigurationError extends Error {}

/** The variables whose value may be in a file, whose path is `<NAME>_FILE`. Docker and Kubernetes give secrets to containers as files. */
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

/** The addresses into which the passwords of separate variables are inserted. */
const passwords = {
  DATABASE_PASSWORD: ['DATABASE_URL', 'DATABASE_DIRECT_URL'],
  REDIS_PASSWORD: ['REDIS_URL'],
  SMTP_PASSWORD: ['SMTP_URL'],
} as const;

/**
 * Returns the environment with all secrets inserted: the value of each `<NAME>_FILE` is read from its file, and each password is inserted
 * into its address. Line breaks at the end of a file are not part of the secret. The result contains neither the file variables nor the
 * passwords, so that it can be passed to a process that reads it in the same way.
 * @throws ConfigurationError if a file cannot be read or is empty, or if a value and its file are both set
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

/** An address with a password keeps it. A text that is not an address stays unchanged, and the schema of the environment refuses it. */
function withPassword(address: string | undefined, password: string): string | undefined {
  if (!address || !URL.canParse(address)) return address;
  const url = new URL(address);
  if (url.password === '') url.password = encodeURIComponent(password);
  return url.href;
}
