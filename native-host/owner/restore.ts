import type { Grant } from '../../shared/model/grant.ts'
import { helperOf } from '../../shared/model/reference.ts'
import type { Service } from '../../shared/model/service.ts'
import { optionalSecretNames, secretNames } from '../../shared/presets/secret-names.ts'
import { PackedReference } from '../references/packed-reference.ts'
import { latestTime } from '../sessions/clock.ts'
import { KEEP_ENDED } from '../sessions/sessions.ts'
import { openBackup } from '../vault/backup-file.ts'
import type { BackupContents } from './backup-contents.ts'
import { readContents } from './backup-contents.ts'
import type { SecretBytes } from './check-secrets.ts'
import type { OwnerContext } from './context.ts'
import { record } from './record.ts'
import { checkTakeIn, type Intake, type TakenIn, takeIn } from './take-in.ts'

/**
 * What a backup would bring into this vault. Opened, checked, nothing written.
 *
 * @throws Refusal `wrong-passphrase`, `invalid` (no backup, cut, changed), `store-newer`.
 */
export async function openForRestore(
  context: OwnerContext,
  file: Uint8Array,
  passphrase: string,
): Promise<Intake> {
  const plain = await openBackup(file, passphrase)
  try {
    return intakeOf(context, plain)
  } finally {
    plain.fill(0)
  }
}

/** What the opened content of a backup would bring into this vault. @throws Refusal `invalid`, `store-newer`. */
export function intakeOf(context: OwnerContext, plain: Uint8Array): Intake {
  const contents = readContents(plain)
  const time = Math.max(context.now(), latestTime(context.store, context.keys))
  return {
    services: contents.services.map((service) => ({ service, secrets: secretsOf(contents, service) })),
    capabilities: contents.capabilities,
    grants: contents.grants.map(({ grant, asks }) => asleep(grant, asks, time)),
    ledgers: contents.ledgers,
    wasSaved: true,
  }
}

/**
 * Put back what a backup holds, all or nothing. No session is: each site waits until the owner says that it goes on.
 *
 * @param replace false: services and capabilities that exist refuse everything. @throws Refusal as `takeIn`.
 */
export function restore(context: OwnerContext, intake: Intake, replace: boolean): TakenIn {
  return context.store.transaction(() => {
    record(context, 'vault.restore', 'vault')
    return takeIn(context, intake, { verb: 'restore', replace })
  })
}

/** The same without writing. @returns ids that exist already. @throws Refusal as `restore`, except `exists`. */
export function tryRestore(context: OwnerContext, intake: Intake): string[] {
  return checkTakeIn(context, intake)
}

/** Secrets of a service by name; not those that nothing uses, as when what they fetched was replaced by a key. */
function secretsOf({ secrets }: BackupContents, service: Service): SecretBytes {
  const own = secrets.filter((each) => each.service === service.id)
  const all = new Map(own.map((each) => [each.name, secretOf(each)]))
  const helpers = [...all.values()].map((each) =>
    each instanceof PackedReference ? helperOf(each.reference) : null,
  )
  const used = [...secretNames(service.auth), ...optionalSecretNames(service.auth), ...helpers]
  return new Map([...all].filter(([name]) => used.includes(name)))
}

// SECURITY: what says where a secret lives stays that. Nothing is fetched by it until its owner enters it here.
function secretOf({ bytes, isReference }: BackupContents['secrets'][number]): Uint8Array | PackedReference {
  const plain = Buffer.from(bytes, 'base64')
  return isReference ? PackedReference.unpack(plain) : plain
}

/**
 * A grant as it comes back: one that was in use counts as given now, so that its site's calls wait for the owner's word;
 * one that had been revoked is old enough that its site is told nothing.
 *
 * SECURITY: no grant of a file lets a call through. Whoever holds the passphrase of a backup got no say over sites by that.
 */
function asleep(grant: Grant, asks: boolean, time: number): Grant {
  const createdAt = asks ? time : Math.min(grant.createdAt, Math.max(0, time - KEEP_ENDED))
  return { ...grant, createdAt }
}
