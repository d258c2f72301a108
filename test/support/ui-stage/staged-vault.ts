import type { SlotSummary } from '../../../shared/protocol/vault-commands.ts'
import { STATUS, world } from './staged-worlds.ts'

const DAY = 86_400_000
const at = (days: number) => Date.now() - days * DAY

const SLOTS: SlotSummary[] = [
  { id: crypto.randomUUID(), kind: 'passphrase', createdAt: at(90) },
  { id: crypto.randomUUID(), kind: 'recovery', createdAt: at(90) },
  { id: crypto.randomUUID(), kind: 'keychain', createdAt: at(12) },
  { id: crypto.randomUUID(), kind: 'damaged', createdAt: at(3) },
]

/** An open vault with every kind of slot. */
export const VAULT = world({
  answers: {
    status: { ...STATUS, slots: ['passphrase', 'recovery', 'keychain'] },
    'slot-list': SLOTS,
    'recovery-new': {
      id: crypto.randomUUID(),
      recoveryCode: '7Q2M-XK4D-9TNP-3WFH-B6CR-0YVZ-8JEA-5GS1-K',
    },
  },
})
