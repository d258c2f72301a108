import type { Command, CommandResults } from '../../shared/protocol/commands.ts'
import { MAX_FRAME_FROM_HOST } from '../../shared/protocol/limits.ts'
import { countAudit } from '../audit/count-audit.ts'
import { pageAudit } from '../audit/page-audit.ts'
import { listAudit } from '../audit/read-audit.ts'
import { schemesReady } from '../auth/schemes.ts'
import type { References } from '../references/references.ts'
import { Refusal } from '../refusal.ts'
import { autoLockMinutes } from '../sessions/auto-lock.ts'
import type { Upstream } from '../upstream/send.ts'
import { adoptChanges } from './adopt-changes.ts'
import * as approvals from './approvals.ts'
import { chooseAutoLock } from './auto-lock.ts'
import * as budgets from './budgets.ts'
import type { OwnerContext } from './context.ts'
import { decideOffers } from './decide-offers.ts'
import { endSessionsOf } from './end-host.ts'
import { grantUse } from './grant-use.ts'
import * as grants from './grants.ts'
import { lastRefusal } from './last-refusal.ts'
import { mend } from './mend.ts'
import { pause, resume } from './pause.ts'
import { closePlayground, openPlayground } from './playground.ts'
import { previewUpdate } from './preset-update.ts'
import { readOpenApiFor } from './read-openapi.ts'
import { requireService } from './require.ts'
import { isCapabilityCommand, runCapabilityCommand } from './run-capability-command.ts'
import { isKeyCommand, runKeyCommand } from './run-key-command.ts'
import { runSlotCommand } from './run-slot-command.ts'
import * as services from './services.ts'
import { extend, undoRevoke } from './session-time.ts'
import * as sessions from './sessions.ts'
import { signedIn, signIn } from './sign-ins.ts'
import * as sites from './sites.ts'
import { testAndWarn } from './test-and-warn.ts'
import { verifyLog } from './verify-log.ts'

/** The commands that need an open vault. The host answers the others itself. */
export type UnlockedCommand = Exclude<
  Command,
  { name: 'status' | 'doctor' | 'devices' | 'host-introduce' | 'vault-init' | 'vault-unlock' | 'vault-lock' }
>

/** What a running host adds to the owner's context. */
export interface CommandContext extends OwnerContext {
  readonly upstream: Upstream
  readonly references: References
  /** Calls in flight of a session. */
  readonly inFlight: sessions.InFlight
  /** Names this process in the approvals of its calls. */
  readonly host: string
}

/**
 * Carry out one order from an extension page.
 *
 * @returns the value `CommandResults` promises for the command's name.
 * @throws Refusal with one of `REFUSALS`; the message is for the owner and holds no secret.
 */
export async function runCommand(
  command: UnlockedCommand,
  context: CommandContext,
): Promise<CommandResults[UnlockedCommand['name']]> {
  if (isCapabilityCommand(command)) return runCapabilityCommand(command, context)
  if (isKeyCommand(command)) return runKeyCommand(command, context)
  switch (command.name) {
    case 'host-end-sessions':
      return { revoked: endSessionsOf(context, command.host) }
    case 'doctor-mend':
      return { mended: mend(context, command.kind) }
    case 'vault-pause':
      return { since: pause(context) }
    case 'vault-resume':
      return { resumed: resume(context) }
    case 'auto-lock':
      return { minutes: autoLockMinutes(context.store, context.keys) }
    case 'auto-lock-set':
      return { minutes: chooseAutoLock(context, command.minutes) }
    case 'service-list':
      return services.listSummaries(context)
    case 'service-add':
      return addService(command, context)
    case 'service-test':
      return testAndWarn(context, command.id, context.upstream, context.references)
    case 'service-authorize':
      return { url: await signIn(context, command.id, context) }
    case 'service-authorized':
      await signedIn(context, command.id)
      return null
    case 'service-rotate':
      await schemesReady(requireService(context, command.id).auth)
      return services.rotate(context, command.id, secretBytes(command.secrets))
    case 'service-update-preview':
      return previewUpdate(context, command.id)
    case 'service-update':
      return adoptChanges(context, command.id, { ...command, widen: command.widen === true })
    case 'service-offers':
      return decideOffers(context, command.id, command)
    case 'service-remove':
      services.remove(context, command.id)
      return null
    case 'openapi-read':
      return readOpenApiFor(context, command.service, command.document)
    case 'approval-list':
      return fitting(approvals.list(context, context.host))
    case 'approval-answer':
      await approvals.answer(context, command, context.host)
      return null
    case 'approval-deny-all':
      return { denied: approvals.denyAll(context, context.host, command.origin) }
    case 'budget-list':
      return budgets.list(context)
    case 'budget-reset':
      return budgets.reset(context, command.capability)
    case 'audit-list':
    case 'audit-page':
    case 'audit-counts':
    case 'audit-verify':
      return runAuditCommand(command, context)
    case 'playground-open':
      return openPlayground(context)
    case 'playground-close':
      closePlayground(context)
      return null
    case 'slot-list':
    case 'slot-remove':
    case 'slot-passphrase':
    case 'recovery-new':
    case 'recovery-keep':
      return runSlotCommand(command, context)
    default:
      return runSiteCommand(command, context)
  }
}

type AuditCommand = Extract<Command, { name: 'audit-list' | 'audit-page' | 'audit-counts' | 'audit-verify' }>

async function runAuditCommand(
  command: AuditCommand,
  context: CommandContext,
): Promise<CommandResults[AuditCommand['name']]> {
  const { store, keys } = context
  switch (command.name) {
    case 'audit-list':
      return fitting(listAudit(store, keys, { limit: command.limit }))
    case 'audit-page':
      return pageAudit(store, keys, { ...command, mostBytes: MOST_BYTES / 2 })
    case 'audit-counts':
      return countAudit(store, keys, command)
    case 'audit-verify':
      return verifyLog(context, command.from)
  }
}

/** Room for the envelope of the frame that carries a list. */
const MOST_BYTES = MAX_FRAME_FROM_HOST - 10_000

/** The first records that go into one frame: a page decides how long the URLs in them are. */
function fitting<T>(records: readonly T[]): T[] {
  let bytes = 0
  return records.filter((record) => {
    bytes += Buffer.byteLength(JSON.stringify(record)) + 1
    return bytes <= MOST_BYTES
  })
}

type SiteCommand = Extract<
  Command,
  {
    name:
      | 'grant-list'
      | 'grant-use'
      | 'grant-remove'
      | 'grant-ask-writes'
      | 'connect'
      | 'session-list'
      | 'session-revoke'
      | 'session-undo'
      | 'session-extend'
      | 'site-refusal'
      | 'site-view'
      | 'site-resume'
      | 'site-release'
  }
>

async function runSiteCommand(
  command: SiteCommand,
  context: CommandContext,
): Promise<CommandResults[SiteCommand['name']]> {
  switch (command.name) {
    case 'grant-list':
      return grants.page(context, command.after ?? null)
    case 'grant-use':
      return grantUse(context)
    case 'grant-remove':
      grants.remove(context, command.id)
      return null
    case 'grant-ask-writes':
      return grants.askBeforeWrites(context, command.id, command.askWrites)
    case 'connect':
      return sessions.summary(context, connect(command, context), context.inFlight)
    case 'session-list':
      return sessions.summaries(context, context.inFlight)
    case 'session-revoke':
      return { revoked: revoke(command, context) }
    case 'session-undo':
      return sessions.summary(context, undoRevoke(context, command.id), context.inFlight)
    case 'session-extend':
      return sessions.summary(context, extend(context, command.id), context.inFlight)
    case 'site-refusal':
      return lastRefusal(context, command.topOrigin)
    case 'site-view':
      return sites.view(context, command)
    case 'site-resume':
      return { resumed: sites.resume(context, command, command.baseUrl) }
    case 'site-release':
      return { released: sites.release(context, command) }
  }
}

function connect({ askWrites, ...wish }: Extract<Command, { name: 'connect' }>, context: CommandContext) {
  return grants.add(context, { ...wish, ...(askWrites === undefined ? {} : { askWrites }) }).session
}

function addService(command: Extract<Command, { name: 'service-add' }>, context: CommandContext) {
  const { id, preset, baseUrls, local, models, values } = command
  return services.addFromPreset(context, {
    id,
    preset,
    secrets: secretBytes(command.secrets),
    capabilities: command.capabilities,
    ...(baseUrls === undefined ? {} : { baseUrls }),
    ...(local === undefined ? {} : { local }),
    ...(models === undefined ? {} : { models }),
    ...(values === undefined ? {} : { values }),
  })
}

function secretBytes(secrets: Record<string, string>): Map<string, Uint8Array> {
  const encoder = new TextEncoder()
  return new Map(Object.entries(secrets).map(([name, text]) => [name, encoder.encode(text)]))
}

// SECURITY: an order that names nothing ends nothing, and one that names two things is not guessed at.
function revoke(command: Extract<Command, { name: 'session-revoke' }>, context: CommandContext): number {
  const { id, origin, all } = command
  if ([id, origin, all].filter((each) => each !== undefined).length !== 1) {
    throw new Refusal('malformed', 'say which one to revoke: a session, an origin, or all')
  }
  if (id !== undefined) return sessions.revokeOne(context, id)
  return origin === undefined ? sessions.revokeAll(context) : sessions.revokeOrigin(context, origin)
}
