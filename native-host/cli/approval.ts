import type { Command } from 'commander'
import {
  type ApprovalAnswer,
  ApprovalAnswerSchema,
  type ApprovalSummary,
} from '../../shared/model/approval.ts'
import * as approvals from '../owner/approvals.ts'
import { Refusal } from '../refusal.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'
import { withOwner } from './with-owner.ts'

/** Digits of a digest that are shown, and fewest that may stand for it. */
const SHOWN_DIGITS = 16
const FEWEST_DIGITS = 8

/** `approval list | answer`: calls that a rule wants to ask about. */
export function registerApproval(program: Command, terminal: Terminal): void {
  const approval = program.command('approval').description('calls that wait for your answer')
  approval
    .command('list')
    .description('who asks, for what, and what would be sent')
    .action(() => list(terminal))
  approval
    .command('answer <id> <answer>')
    .description(`one of ${ApprovalAnswerSchema.options.join(', ')}`)
    .option(
      '--digest <digest>',
      `only if the call still has this digest, or one that begins so (${FEWEST_DIGITS} digits or more)`,
    )
    .action((id: string, word: string, options: { digest?: string }) => answer(id, word, options, terminal))
}

async function list(terminal: Terminal): Promise<void> {
  await withOwner((context) => {
    const waiting = approvals.list(context, null)
    terminal.answer(waiting, waiting.map((each) => inWords(each, context.now())).join('\n\n'))
  })
}

async function answer(
  id: string,
  word: string,
  options: { digest?: string },
  terminal: Terminal,
): Promise<void> {
  const wanted = answerOf(word)
  const digits = digitsOf(options.digest)
  await withOwner(async (context) => {
    const asked = approvals.list(context, null).find((each) => each.id === id)
    if (asked === undefined) throw new Refusal('unknown', `no call \`${id}\` waits for an answer`)
    const { digest } = asked
    if (!digest.startsWith(digits))
      throw new Refusal('unknown', `the call that waits is another one: its digest is ${short(digest)}`)
    await approvals.answer(context, { id, digest, answer: wanted }, null)
    terminal.answer(
      { id, digest, answer: wanted },
      `Answered ${wanted} to ${effectOf(asked)} (digest ${short(digest)}).`,
    )
  })
}

function answerOf(word: string): ApprovalAnswer {
  const parsed = ApprovalAnswerSchema.safeParse(word)
  if (parsed.success) return parsed.data
  throw new UsageError(`\`${word}\` is no answer: say one of ${ApprovalAnswerSchema.options.join(', ')}`)
}

function digitsOf(digest: string | undefined): string {
  if (digest === undefined) return ''
  if (new RegExp(`^[0-9a-f]{${FEWEST_DIGITS},64}$`).test(digest)) return digest
  throw new UsageError(`a digest is ${FEWEST_DIGITS} to 64 digits of 0-9 and a-f`)
}

function short(digest: string): string {
  return digest.slice(0, SHOWN_DIGITS)
}

function effectOf({ method, url, origin }: ApprovalSummary): string {
  return `${method} ${url} from ${origin}`
}

function inWords(approval: ApprovalSummary, now: number): string {
  const { id, topOrigin, origin, expiresAt, capability, digest, body } = approval
  const seconds = Math.max(0, Math.ceil((expiresAt - now) / 1000))
  const within = topOrigin === origin ? '' : ` in a frame of ${topOrigin}`
  return [
    `${id}  ${effectOf(approval)}${within}`,
    `  ${whyOf(approval)} of ${capability}; ${seconds} s left; digest ${short(digest)}`,
    ...(body === null ? [] : bodyLines(body)),
  ].join('\n')
}

function whyOf({ why, rule }: ApprovalSummary): string {
  if (why === 'rule') return `asked by the rule \`${rule}\``
  return `asked because you want to be before each write; allowed by the rule \`${rule}\``
}

function bodyLines({
  bytes,
  contentType,
  fields,
  text,
  truncated,
}: NonNullable<ApprovalSummary['body']>): string[] {
  const shown = fields?.map(({ path, value }) => `${path}: ${value}`) ?? (text === null ? [] : [text])
  // A line break in a value must not look like a line of ours.
  const lines = shown.map((line) => `    ${line.replaceAll(/[\r\n]/g, ' ')}`)
  return [
    `  body: ${bytes} bytes, ${contentType ?? 'no type'}${truncated ? ', not all of it shown' : ''}`,
    ...lines,
  ]
}
