import { UsageError } from './usage-error.ts'

/** Options that would carry a secret if there were such options. */
const SECRET_OPTION =
  /^--?(secret|passphrase|passwd|password|token|key|api-?key|apikey|recovery|recovery-code|private-key|client-secret|bearer)(=|$)/i

/** Names a scheme knows a secret by (the `--set` table of the command's reference), with `.N` for repeated ones. */
const SECRET_NAME =
  /^(token|value|password|secret|passphrase|private-key|client-secret|refresh-token|consumer-secret|access-token-secret|session-token|secret-access-key|service-account|certificate|pkcs12)(\.\d+)?$/

const REASON =
  'arguments are visible to every program on this machine and stay in the shell history: ' +
  'give it on stdin, at the prompt or in a named file'

/**
 * Refuse a command line that holds a secret, before anything else reads it. The value itself is never repeated.
 *
 * @throws UsageError with the reason.
 */
export function refuseSecretArguments(argv: readonly string[]): void {
  for (const [index, argument] of argv.entries()) {
    if (argument === '--') return
    if (SECRET_OPTION.test(argument)) {
      throw new UsageError(`\`${argument.split('=')[0]}\` would put a secret in an argument: ${REASON}`)
    }
    if (argument === '--set') refuseSecretSet(argv[index + 1] ?? '')
    if (argument.startsWith('--set=')) refuseSecretSet(argument.slice('--set='.length))
  }
}

function refuseSecretSet(pair: string): void {
  const name = pair.split('=')[0] ?? ''
  if (SECRET_NAME.test(name)) {
    throw new UsageError(
      `\`--set ${name}=\` would put a secret in an argument: ${REASON} (\`--secret-stdin\`, \`--secret-file ${name}=PATH\`)`,
    )
  }
}
