import { findCapability } from '../../native-host/store/capabilities.ts'
import { putGrant } from '../../native-host/store/grants.ts'
import { AuditLog } from '../../test/support/audit-log.ts'
import { OwnedVault } from '../../test/support/owned-vault.ts'

/** The site whose calls are timed. */
export const SITE = 'https://modest.example'

/** Records written in one transaction: a disk waits once for all of them. */
const TOGETHER = 1000
const DAY = 86_400_000
const SITES = 40
/** One of so many calls is refused, one fails. */
const REFUSED_OF = 20
const FAILED_OF = 50

/** How much a vault has, beside one service, one capability and {@link SITE}'s own grant and session. */
export interface Grown {
  readonly grants: number
  readonly sessions: number
  readonly records: number
}

/** A vault whose {@link SITE} may call the service at a base URL, with as much else in it as is wanted. */
export async function grownVault(baseUrl: string, { grants, sessions, records }: Grown): Promise<OwnedVault> {
  const vault = await OwnedVault.create()
  vault.addService('model', baseUrl, 'sk-of-the-bench-0123456789')
  vault.addCapability('chat', 'model', ['GET /v1/**'])
  const capability = findCapability(vault.store, vault.keys, 'chat')
  if (capability === null) throw new Error('no capability')
  vault.store.transaction(() => {
    for (let n = 1; n < sessions; n += 1) vault.connect(`https://live-${n}.example`, capability)
    for (let n = sessions; n < grants; n += 1) addGrant(vault, `https://granted-${n}.example`)
    vault.connect(SITE, capability)
  })
  writeLog(vault, records)
  return vault
}

function addGrant({ store, keys }: OwnedVault, origin: string): void {
  const id = crypto.randomUUID()
  putGrant(store, keys, {
    id,
    origin,
    topOrigin: origin,
    capability: 'chat',
    ttl: 3600,
    createdAt: Date.now(),
    askWrites: false,
  })
}

/** Calls over the last thirty days, each with its outcome, by the product's own writer. */
function writeLog(vault: OwnedVault, records: number): void {
  const log = new AuditLog(vault)
  const now = Date.now()
  for (let written = 0; written < records; ) {
    log.together(() => {
      const end = Math.min(records, written + TOGETHER)
      while (written < end)
        written += writeCall(log, now - 30 * DAY + Math.floor((written / records) * 30 * DAY), written)
    })
  }
}

/** @returns how many records it took. */
function writeCall(log: AuditLog, at: number, number: number): number {
  const origin = `https://site-${number % SITES}.example`
  if (number % REFUSED_OF === 0) {
    log.refusal(at, { origin })
    return 1
  }
  const isFailed = number % FAILED_OF === 1
  const end = isFailed ? ({ result: 'failed', problem: 'upstream-timeout' } as const) : {}
  log.outcome(log.intent(at, { origin }), at + 900, end)
  return 2
}
