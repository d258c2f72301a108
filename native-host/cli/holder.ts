import type { Command } from 'commander'
import { openStore } from '../store/store.ts'
import { createKeys } from '../vault/envelope.ts'
import { type Offer, offerKeys } from '../vault/keyholder.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { lockEpoch } from '../vault/lock.ts'
import { HOLDER_READY } from '../vault/start-holder.ts'
import { readStdin } from './owner-files.ts'

/** How often the lock and the home directory are looked at, ms: `lock` promises an end within two seconds. */
const POLL_MS = 50
/** How often it is tried again while another process offers the key, ms. */
const RETRY_MS = 1000
/** The vault locks itself after this long in which no process wrote to it, ms: a night. */
const IDLE_MS = 12 * 3600 * 1000

/**
 * The hidden command behind `unlock`: keep the data key in memory and offer it to this user's own processes, until
 * the vault is locked, taken away or replaced, or nothing has used it for a night.
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
  const offer = new StandingOffer(home, keys, () => lockEpoch(store) === epoch)
  await offer.attempt()
  process.stdout.on('error', () => {})
  process.stdout.write(HOLDER_READY)
  const watch = { version: store.version(), usedAt: Date.now() }
  setInterval(() => {
    const version = store.version()
    if (version !== watch.version) Object.assign(watch, { version, usedAt: Date.now() })
    const idle = Date.now() - watch.usedAt > IDLE_MS
    if (idle || !store.isInPlace || lockEpoch(store) !== epoch) {
      // SECURITY: the process ends here; nothing that held the key is left to clean up by hand.
      offer.close()
      process.exit(0)
    }
  }, POLL_MS)
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
