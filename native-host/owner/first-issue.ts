/**
 * What a schema found first, as one sentence for the owner.
 *
 * @param what the thing that was checked: `service`, `capability`, `grant`.
 */
export function firstIssue(
  what: string,
  issues: readonly { path: readonly PropertyKey[]; message: string }[],
): string {
  const [issue] = issues
  const at = issue === undefined || issue.path.length === 0 ? '' : ` at \`${issue.path.join('.')}\``
  const cause = issue === undefined ? 'unknown cause' : issue.message.toLowerCase()
  return `the ${what} is not valid${at}: ${cause}`
}
