/** The command was typed wrongly: exit code 2. The message never quotes what may be a secret. */
export class UsageError extends Error {
  override name = 'UsageError'
}
