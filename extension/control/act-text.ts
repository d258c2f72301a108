import { type MessageName, t } from '../ui/strings.ts'

/** Words for what the owner did, as the host records it. */
const WORDS: Record<string, MessageName> = {
  'audit.accept-rollback': 'actAuditAcceptRollback',
  'vault.init': 'actVaultInit',
  'vault.unlock': 'actVaultUnlock',
  'vault.lock': 'actVaultLock',
  'vault.auto-lock': 'actVaultAutoLock',
  'vault.auto-lock-set': 'actVaultAutoLockSet',
  'vault.pause': 'actVaultPause',
  'vault.resume': 'actVaultResume',
  'vault.backup': 'actVaultBackup',
  'vault.restore': 'actVaultRestore',
  'vault.import': 'actVaultImport',
  'slot.add': 'actSlotAdd',
  'slot.remove': 'actSlotRemove',
  'service.add': 'actServiceAdd',
  'service.rotate': 'actServiceRotate',
  'key.move': 'actKeyMove',
  'service.pin': 'actServicePin',
  'service.update': 'actServiceUpdate',
  'service.authorize': 'actServiceAuthorize',
  'service.remove': 'actServiceRemove',
  'capability.add': 'actCapabilityAdd',
  'capability.remove': 'actCapabilityRemove',
  'capability.tighten': 'actCapabilityTighten',
  'capability.update': 'actCapabilityUpdate',
  'grant.add': 'actGrantAdd',
  'grant.ask-writes': 'actGrantAskWrites',
  'grant.stop-asking': 'actGrantStopAsking',
  'grant.remove': 'actGrantRemove',
  'host.mend': 'actHostMend',
  'session.start': 'actSessionStart',
  'session.revoke': 'actSessionRevoke',
  'session.release': 'actSessionRelease',
  'session.undo': 'actSessionUndo',
  'session.extend': 'actSessionExtend',
  'budget.reset': 'actBudgetReset',
  'approval.answer': 'actApprovalAnswer',
  'token.mint': 'actTokenMint',
  'token.rotate': 'actTokenRotate',
  'token.give-up': 'actTokenGiveUp',
}

/** What the owner did. An act without words of its own, such as a later host's, is shown as it is recorded. */
export function actText(act: string): string {
  const name = Object.hasOwn(WORDS, act) ? WORDS[act] : undefined
  return name === undefined ? act : t(name)
}
