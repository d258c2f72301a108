import type { Grant } from '../../shared/model/grant.ts'
import type { Command } from '../../shared/protocol/commands.ts'
import { GRANTS_PER_PAGE } from '../../shared/protocol/limits.ts'

/**
 * Every grant there is, which takes more than one answer of the host's where there are many.
 *
 * @param send rejects as the caller's line to the host does, and so does this: part of the grants are never taken for all.
 */
export async function allGrants(
  send: (command: Extract<Command, { name: 'grant-list' }>) => Promise<Grant[]>,
): Promise<Grant[]> {
  const all: Grant[] = []
  for (;;) {
    const after = all.at(-1)?.id
    const page = await send(after === undefined ? { name: 'grant-list' } : { name: 'grant-list', after })
    // Whoever answers is not trusted to come to an end.
    if (page.at(-1)?.id === after) return all
    all.push(...page)
    if (page.length < GRANTS_PER_PAGE) return all
  }
}
