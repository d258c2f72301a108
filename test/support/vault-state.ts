import { exportAudit } from '../../native-host/audit/read-audit.ts'
import { verifyAudit } from '../../native-host/audit/verify-audit.ts'
import { openSession } from '../../native-host/sessions/session-rows.ts'
import { listCapabilities } from '../../native-host/store/capabilities.ts'
import { listGrants } from '../../native-host/store/grants.ts'
import { listServices } from '../../native-host/store/services.ts'
import type { Store } from '../../native-host/store/store.ts'
import { openSecret, secretRows } from '../../native-host/store/stored-secret.ts'
import type { VaultKeys } from '../../native-host/vault/keys.ts'
import { listSlots } from '../../native-host/vault/slots.ts'

/**
 * Everything a vault holds that one can tell apart from outside, without random ids and times: two vaults to which the
 * same was done are equal here. Every record is opened.
 *
 * @throws Refusal `store-damaged` where one cannot be; Error where the log does not verify.
 */
export function vaultState(store: Store, keys: VaultKeys): string {
  const verdict = verifyAudit(store, keys)
  if (!verdict.ok) throw new Error(`the log has a fault: ${verdict.reason}`)
  const services = listServices(store, keys)
  return JSON.stringify({
    slots: listSlots(store)
      .map(({ kind }) => kind)
      .sort(),
    services,
    secrets: services.flatMap(({ id }) =>
      secretRows(store, keys, id).map((row) => {
        const secret = openSecret(keys, row, id)
        return [id, secret.name, Buffer.from(secret.bytes).toString('base64')]
      }),
    ),
    capabilities: listCapabilities(store, keys),
    grants: listGrants(store, keys).map(({ origin, topOrigin, capability, ttl }) => {
      return { origin, topOrigin, capability, ttl }
    }),
    sessions: store
      .all('SELECT * FROM sessions')
      .map((row) => openSession(keys, row))
      .map(({ origin, endReason, requests, blocked, bytes }) => {
        return { origin, endReason, requests, blocked, bytes }
      })
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    audit: [...exportAudit(store, keys)].map((record) =>
      record.kind === 'act' ? `act ${record.act}` : record.kind,
    ),
  })
}
