import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import type { OwnerContext } from '../owner/context.ts'
import { explainerFor } from '../owner/explain.ts'
import type { Explanation } from '../policy/explain.ts'
import { REASONS } from '../policy/reason.ts'
import { EXIT } from './exit-code.ts'
import { readExplainLine } from './explain-line.ts'
import { readOwnerFile } from './owner-files.ts'
import { collectHeader } from './parse-header.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'
import { withOwner } from './with-owner.ts'

interface ExplainOptions {
  header?: [string, string][]
  bodyFile?: string
  stdin?: boolean
  askWrites?: boolean
}

/** What a line that is no request is answered with: it can only be denied. */
const MALFORMED = { decision: 'deny', reason: 'malformed', rule: null, request: null } as const

/** `explain`: what would be decided, and why. Exit code 0 for allow, 4 for ask and deny; with `--stdin` always 0. */
export function registerExplain(program: Command, terminal: Terminal): void {
  program
    .command('explain <capability> [method] [url]')
    .description('what would be decided, and why; sends nothing (exit code 4 unless it is allowed)')
    .option('-H, --header <header>', '`Name: value`; may be repeated', collectHeader)
    .option('--body-file <path>', 'the body; `-` is stdin')
    .option('--ask-writes', 'as for a site whose changes you are asked about, see `grant add`')
    .option('--stdin', 'requests as NDJSON {method,url,headers?,body?|bodyBase64?}, one answer a line')
    .action(
      (capability: string, method: string | undefined, url: string | undefined, options: ExplainOptions) =>
        explain(capability, method, url, options, terminal),
    )
}

async function explain(
  capability: string,
  method: string | undefined,
  url: string | undefined,
  options: ExplainOptions,
  terminal: Terminal,
): Promise<void> {
  const { askWrites = false } = options
  if (options.stdin) {
    if (method !== undefined) throw new UsageError('with `--stdin` the requests come from stdin')
    return withOwner((context) => explainLines(context, capability, askWrites, terminal))
  }
  if (method === undefined || url === undefined) throw new UsageError('say METHOD and URL, or `--stdin`')
  const body = options.bodyFile === undefined ? null : await readOwnerFile(options.bodyFile)
  await withOwner((context) => {
    const ask = explainerFor(context, capability, askWrites)
    const answer = ask({ method, url, headers: options.header ?? [] }, body)
    if (answer.decision !== 'allow') terminal.exitCode = EXIT.denied
    terminal.answer(answer, textOf(answer))
  })
}

async function explainLines(
  context: OwnerContext,
  capability: string,
  askWrites: boolean,
  terminal: Terminal,
): Promise<void> {
  const ask = explainerFor(context, capability, askWrites)
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    const read = readExplainLine(line)
    const answer = read === null ? MALFORMED : ask(read.claimed, read.body)
    await terminal.write(`${JSON.stringify(answer)}\n`)
  }
}

function textOf(answer: Explanation): string {
  const { failover } = answer
  if (failover === undefined) return linesOf(answer)
  return `${linesOf(answer)}\non ${failover.on.join(', ')} it would go on to ${failover.capability}:\n${linesOf(failover)}`
}

function linesOf(answer: Explanation): string {
  const lines = [`${answer.decision}: ${REASONS[answer.reason]}`]
  if (answer.rule !== null) lines.push(`rule: ${answer.rule}`)
  if (answer.request === null) return lines.join('\n')
  lines.push(`would send: ${answer.request.method} ${answer.request.url}`)
  for (const [name, value] of Object.entries(answer.request.headers)) lines.push(`  ${name}: ${value}`)
  return lines.join('\n')
}
