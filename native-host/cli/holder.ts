import type { Command } from 'commander'
import { lockUnused } from '../owner/auto-lock.ts'
import { isAutoLockDue } from '../sessions/auto-lock.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { createKeys } from '../vault/envelope.ts'
import { withdrawAny } from '../vault/holder-place.ts'
import { type Offer, offerKeys } from '../vault/keyholder.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { dateKeys, lockEpoch } from '../vault/lock.ts'
import { setOpenAtStart } from '../vault/open-at-start.ts'
import { HOLDER_READY } from '../vault/start-holder.ts'
import { readStdin } from './owner-files.ts'

/** How often the lock and the home directory are looked at, ms: `lock` promises an end within two seconds. */
const POLL_MS = 50
/** How often it is tried again while another process offers the key, ms. */
const RETRY_MS = 1000
/** How often it is looked whether the vault is to lock itself, ms. */
const UNUSED_MS = 1000

/**
 * The hidden command behind `unlock`: keep the data key in memory and offer it to this user's own processes, until
 * the vault is locked, taken away or replaced, or nobody has used it for as long as its owner lets it
 * stay open then.
 */
export function registerHolder(program: Command): void {
  program
    .command('holder', { hidden: true })
    .requiredOption('--home <path>')
    .requiredOption('--epoch <number>')
    .action(async (options: { home: string; epoch: string }) => {
      const dataKey = await readStdin()
      const keys = createKeys(dataKey)
      dataKey.fill(0)
      await hold(options.home, keys, Number(options.epoch))
    })
}

async function hold(home: string, keys: VaultKeys, epoch: number): Promise<void> {
  const store = openStore(home)
  dateKeys(keys, epoch)
  const isUnused = () => isAutoLockDue(store, keys, Date.now())
  const offer = new StandingOffer(home, keys, () => lockEpoch(store) === epoch && !isUnused())
  await offer.attempt()
  process.stdout.on('error', () => {})
  process.stdout.write(HOLDER_READY)
  setInterval(() => {
    if (isUnused()) lock(store, keys, home)
  }, UNUSED_MS)
  setInterval(() => {
    if (!store.isInPlace || lockEpoch(store) !== epoch) {
      // SECURITY: the process ends here; nothing that held the key is left to clean up by hand.
      offer.close()
      process.exit(0)
    }
  }, POLL_MS)
}

/** Also where other processes cannot be told: this one does not keep the key. */
function lock(store: Store, keys: VaultKeys, home: string): void {
  try {
    lockUnused(store, keys, Date.now())
    setOpenAtStart(home, false)
  } finally {
    withdrawAny(home)
    // SECURITY: as below.
    process.exit(0)
  }
}

/** The offer of one key, taken up again when the process that offered it before us ends. */
class StandingOffer {
  readonly #home: string
  readonly #keys: VaultKeys
  readonly #stillOffered: () => boolean
  #open: Offer | null = null

  constructor(home: string, keys: VaultKeys, stillOffered: () => boolean) {
    this.#home = home
    this.#keys = keys
    this.#stillOffered = stillOffered
  }

  async attempt(): Promise<void> {
    this.#open = await offerKeys(this.#home, this.#keys, this.#stillOffered)
    if (this.#open === null) setTimeout(() => void this.attempt().catch(() => process.exit(1)), RETRY_MS)
  }

  close(): void {
    this.#open?.close()
  }
}
