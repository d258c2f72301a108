import { say } from '../../shared/model/said.ts'
import type { Command, CommandResults } from '../../shared/protocol/commands.ts'
import { Refusal } from '../refusal.ts'
import { findGrant } from '../store/grants.ts'
import * as capabilities from './capabilities.ts'
import type { OwnerContext } from './context.ts'
import * as drafts from './draft-capability.ts'
import * as edits from './edit-capability.ts'
import { explainerFor, explainerOf } from './explain.ts'
import { failoverChoices } from './failover-choices.ts'

/** The orders about capabilities, and what one would decide. */
export type CapabilityCommand = Extract<
  Command,
  {
    name:
      | 'capability-list'
      | 'explain'
      | 'capability-preview'
      | 'capability-failovers'
      | 'capability-tighten'
      | 'capability-update'
      | 'capability-draft'
      | 'capability-add'
      | 'capability-remove'
  }
>

/** Carry out one of them. @throws Refusal as the order's own function says. */
export function runCapabilityCommand(
  command: CapabilityCommand,
  context: OwnerContext,
): CommandResults[CapabilityCommand['name']] {
  switch (command.name) {
    case 'capability-list':
      return capabilities.list(context)
    case 'explain':
      return explained(command, context)
    case 'capability-preview':
      return edits.preview(context, command.id, command.edit)
    case 'capability-failovers':
      return failoverChoices(context, command.id)
    case 'capability-tighten':
      return edits.previewTighter(context, command.id)
    case 'capability-update':
      return edits.update(context, command.id, command.edit, {
        digest: command.digest,
        widen: command.widen === true,
      })
    case 'capability-draft':
      return drafts.draft(context, command.draft)
    case 'capability-add':
      return drafts.addDrafted(context, command.draft, command.digest)
    case 'capability-remove':
      capabilities.remove(context, command.id)
      return null
  }
}

/** True for an order of this room. */
export function isCapabilityCommand(command: { name: Command['name'] }): command is CapabilityCommand {
  return command.name === 'explain' || command.name.startsWith('capability-')
}

function explained(
  { capability, edit, grant, method, url, body }: Extract<Command, { name: 'explain' }>,
  context: OwnerContext,
): CommandResults['explain'] {
  const askWrites = grant !== undefined && asksWrites(context, capability, grant)
  const ask =
    edit === undefined
      ? explainerFor(context, capability, askWrites)
      : explainerOf(context, edits.edited(context, capability, edit), askWrites)
  // A page's client says so of JSON as well.
  const headers = body === undefined ? [] : [['content-type', 'application/json'] as const]
  return ask({ method, url, headers }, body === undefined ? null : new TextEncoder().encode(body))
}

/** Whether changes of a grant's site are asked about. @throws Refusal `unknown` where the capability has no such grant. */
function asksWrites({ store, keys }: OwnerContext, capability: string, id: string): boolean {
  const grant = findGrant(store, keys, id)
  if (grant?.capability === capability) return grant.askWrites
  throw new Refusal('unknown', say`capability \`${capability}\` has no grant \`${id}\``)
}
