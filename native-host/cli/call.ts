import type { Command } from 'commander'
import type { Reply } from '../broker/call.ts'
import { callAsOwner } from '../broker/call-as-owner.ts'
import type { BrokerContext } from '../broker/context.ts'
import { Inventory } from '../broker/inventory.ts'
import { ProcessWatch } from '../budgets/processes.ts'
import type { OwnerContext } from '../owner/context.ts'
import { requireCapability, requireService } from '../owner/require.ts'
import { Problem } from '../problem.ts'
import { fromHere } from '../references/fetch-here.ts'
import { fetcher } from '../references/fetcher.ts'
import { References } from '../references/references.ts'
import { Live } from '../sessions/live.ts'
import { createUpstream } from '../upstream/send.ts'
import { EXIT } from './exit-code.ts'
import { readOwnerFile } from './owner-files.ts'
import { collectHeader } from './parse-header.ts'
import type { Terminal } from './terminal.ts'
import { withOwner } from './with-owner.ts'

interface CallOptions {
  header?: [string, string][]
  bodyFile?: string
  include?: boolean
}

/** `call`: one request through the broker as the local owner. Exit code 4 where policy denies it. */
export function registerCall(program: Command, terminal: Terminal): void {
  program
    .command('call <capability> <method> <url>')
    .description('send a request through the broker as the local owner; its body streams to stdout')
    .option('-H, --header <header>', '`Name: value`; may be repeated', collectHeader)
    .option('--body-file <path>', 'the body; `-` is stdin')
    .option('--include', 'status and headers before the body')
    .action((capability: string, method: string, url: string, options: CallOptions) =>
      call({ capability, method, url }, options, terminal),
    )
}

interface Target {
  capability: string
  method: string
  url: string
}

async function call(target: Target, options: CallOptions, terminal: Terminal): Promise<void> {
  const body = options.bodyFile === undefined ? null : await readOwnerFile(options.bodyFile)
  await withOwner(async (context, home) => {
    const abort = new AbortController()
    const { broker, close } = brokerFor(context, home, abort)
    try {
      const reply = await send(target, options, body, broker, abort)
      await (terminal.json ? answerWhole(reply, terminal) : stream(reply, options, terminal))
    } catch (error) {
      // SECURITY: the vault was locked meanwhile; nothing more of this call is shown.
      if (abort.signal.aborted) throw new Problem('vault-locked', 'vault-locked')
      throw error
    } finally {
      await close()
    }
  })
}

/** The owner's own broker, which ends with the vault's lock like any other. */
function brokerFor(context: OwnerContext, home: string, abort: AbortController) {
  const { store, keys, now } = context
  const inventory = new Inventory(store, keys)
  const upstream = createUpstream({})
  const references = new References(fetcher(fromHere(home), upstream), now)
  const live = new Live(
    { store, keys, now },
    {
      change: () => inventory.forget(),
      activity: () => {},
      lock: () => abort.abort(),
    },
  )
  const watch = new ProcessWatch({ store, keys, now })
  const broker: BrokerContext = { store, keys, inventory, live, upstream, references, now }
  const close = async () => {
    watch.close()
    live.close()
    references.close()
    await upstream.close()
  }
  return { broker, close }
}

async function send(
  { capability: id, method, url }: Target,
  options: CallOptions,
  body: Uint8Array | null,
  broker: BrokerContext,
  abort: AbortController,
): Promise<Reply> {
  const owner: OwnerContext = { ...broker, by: 'cli' }
  const capability = requireCapability(owner, id)
  const service = requireService(owner, capability.service)
  const length = body?.length ?? null
  const claimed = {
    method,
    url,
    headers: options.header ?? [],
    redirect: 'follow',
    bodyLength: length,
  } as const
  const received = () => length ?? 0
  const asked = broker.now()
  return callAsOwner({ claimed, body: null, asked, received, abort }, body, { capability, service }, broker)
}

async function stream(reply: Reply, options: CallOptions, terminal: Terminal): Promise<void> {
  if (options.include) {
    const head = [
      `HTTP ${reply.status} ${reply.statusText}`.trimEnd(),
      ...reply.headers.map(([n, v]) => `${n}: ${v}`),
    ]
    await terminal.write(`${head.join('\n')}\n\n`)
  }
  for await (const bytes of reply.body) await terminal.write(bytes)
  terminal.exitCode = EXIT.done
}

async function answerWhole(reply: Reply, terminal: Terminal): Promise<void> {
  const parts: Uint8Array[] = []
  for await (const bytes of reply.body) parts.push(bytes)
  const { status, statusText, url, redirected } = reply
  const headers = Object.fromEntries(reply.headers)
  const whole = bodyText(Buffer.concat(parts))
  terminal.answer({ status, statusText, url, redirected, headers, ...whole }, '')
}

/** The body as text where it is UTF-8, else as base64. */
function bodyText(bytes: Uint8Array): { body: string } | { bodyBase64: string } {
  try {
    return { body: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    return { bodyBase64: bytes.toBase64() }
  }
}
