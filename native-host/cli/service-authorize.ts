import type { Command } from 'commander'
import { beginAuthorization } from '../owner/authorize.ts'
import { fromHere } from '../references/fetch-here.ts'
import { fetcher } from '../references/fetcher.ts'
import { References } from '../references/references.ts'
import { createUpstream } from '../upstream/send.ts'
import type { Terminal } from './terminal.ts'
import { withOwner } from './with-owner.ts'

/** `service authorize ID`: get a refresh token by saying yes in a browser. */
export function registerAuthorize(service: Command, terminal: Terminal): void {
  service
    .command('authorize <id>')
    .description('sign in to a service with `oauth2-refresh`: open the address it prints, and say yes there')
    .action((id: string) => authorize(id, terminal))
}

async function authorize(id: string, terminal: Terminal): Promise<void> {
  await withOwner(async (context, home) => {
    const upstream = createUpstream({})
    const references = new References(fetcher(fromHere(home), upstream))
    const out = { upstream, references }
    try {
      const { url, done } = await beginAuthorization(context, id, out, new AbortController().signal)
      terminal.note(`Open this address in a browser, within five minutes:\n${url}`)
      await done
      terminal.answer({ authorized: id }, `Service ${id} is authorized: its refresh token is stored.`)
    } finally {
      references.close()
      await upstream.close()
    }
  })
}
