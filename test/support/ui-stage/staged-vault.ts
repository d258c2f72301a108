import type { Finding } from '../../../shared/model/finding.ts'
import { say } from '../../../shared/model/said.ts'
import type { SlotSummary } from '../../../shared/protocol/vault-commands.ts'
import { STATUS, world } from './staged-worlds.ts'
import { told } from './told.ts'

const DAY = 86_400_000
const at = (days: number) => Date.now() - days * DAY

const SLOTS: SlotSummary[] = [
  { id: crypto.randomUUID(), kind: 'passphrase', createdAt: at(90) },
  { id: crypto.randomUUID(), kind: 'recovery', createdAt: at(90) },
  { id: crypto.randomUUID(), kind: 'keychain', createdAt: at(12) },
  { id: crypto.randomUUID(), kind: 'damaged', createdAt: at(3) },
]

const HOME = '/home/somebody/.local/share/valetkey'
const FINDINGS: Finding[] = [
  { check: 'node', state: 'ok', message: 'Node 26.10.0', mend: null },
  { check: 'home', state: 'fail', ...told(say`others may look into \`${HOME}\``), mend: `chmod 700 ${HOME}` },
  { check: 'database', state: 'ok', message: 'the database opens', mend: null },
  { check: 'vault', state: 'ok', message: 'the vault is unlocked', mend: null },
  {
    check: 'browsers',
    state: 'warn',
    message: 'no browser was registered from this folder',
    mend: 'valetkey install',
  },
]

/** An open vault with every kind of slot, and a host that has found something. */
export const VAULT = world({
  answers: {
    'auto-lock': { minutes: 480 },
    status: { ...STATUS, slots: ['passphrase', 'recovery', 'keychain'] },
    'slot-list': SLOTS,
    doctor: FINDINGS,
    'recovery-new': {
      id: crypto.randomUUID(),
      recoveryCode: '7Q2M-XK4D-9TNP-3WFH-B6CR-0YVZ-8JEA-5GS1-K',
    },
  },
})
