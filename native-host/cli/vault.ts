import type { Command } from 'commander'
import { PROTOCOL_VERSION } from '../../shared/protocol/limits.ts'
import * as vault from '../owner/vault.ts'
import { Refusal } from '../refusal.ts'
import { databaseExists } from '../store/database-file.ts'
import { openStore } from '../store/open-store.ts'
import { readPlace, withdrawAny } from '../vault/holder-place.ts'
import { fetchKeys } from '../vault/keyholder.ts'
import { setOpenAtStart } from '../vault/open-at-start.ts'
import { vaultPresent } from '../vault/slots.ts'
import { epochBefore, startHolder } from '../vault/start-holder.ts'
import { vaultHome } from '../vault-home.ts'
import { VERSION } from '../version.ts'
import { newSlot, type OpenerOptions, opener, slotOptions } from './opener.ts'
import type { Terminal } from './terminal.ts'
import { withVault } from './with-owner.ts'

/** How long `lock` waits for the processes that hold the key to end, ms. */
const LOCK_WAIT_MS = 2000
const LOCK_STEP_MS = 20
/** How long `lock` waits for the holder to be gone once nobody hands out the key, ms: several of its polls. */
const HOLDER_END_MS = 1000

/** `init`, `unlock`, `lock`, `status`. */
export function registerVault(program: Command, terminal: Terminal): void {
  slotOptions(program.command('init').description('create the vault; prints a recovery code once')).action(
    (options: OpenerOptions) => init(options, terminal),
  )
  slotOptions(program.command('unlock').description('open the vault for this user’s own processes'))
    .option('--recovery-stdin', 'the recovery code, read from stdin')
    .option('--stored', 'a key file or the keychain, whichever the vault has; asks nothing')
    .action((options: OpenerOptions) => unlock(options, terminal))
  program
    .command('lock')
    .description('lock the vault and end every process that holds its key')
    .action(() => lock(terminal))
  program
    .command('status')
    .description('whether there is a vault, whether it is open, and what is live')
    .action(() => status(terminal))
}

async function init(options: OpenerOptions, terminal: Terminal): Promise<void> {
  const home = vaultHome()
  const store = openStore(home)
  try {
    if (vaultPresent(store)) throw new Refusal('vault-exists', `there is a vault already in \`${home}\``)
    const epoch = epochBefore(store)
    const { keys, recoveryCode } = await vault.init(store, await newSlot(options), 'cli')
    if (vault.hasStoredSlot(store)) setOpenAtStart(home, true)
    // The recovery code is shown whatever becomes of the holder: it cannot be shown again.
    const held = await startHolder(home, keys, epoch).then(
      () => true,
      () => false,
    )
    terminal.answer({ recoveryCode, home, vault: held ? 'unlocked' : 'locked' }, recoveryText(recoveryCode))
    terminal.note(`The vault is in ${home}, ${held ? 'unlocked until `valetkey lock`' : 'locked'}.`)
  } finally {
    store.close()
  }
}

function recoveryText(code: string): string {
  return (
    `Recovery code: ${code}\n` +
    'It opens the vault when everything else is lost, and it is not shown again: write it down.'
  )
}

async function unlock(options: OpenerOptions, terminal: Terminal): Promise<void> {
  await withVault(async (store, home) => {
    const named = Object.keys(options).some((name) => name !== 'json' && name !== 'stored')
    // Whoever names a way to open the vault has it checked, also where it is open already.
    if (!named && (await fetchKeys(home)) !== null) {
      terminal.answer({ vault: 'unlocked', already: true }, 'The vault was unlocked already.')
      return
    }
    const epoch = epochBefore(store)
    const keys = await vault.unlock(store, await opener(options, store), 'cli')
    await startHolder(home, keys, epoch)
    if (vault.hasStoredSlot(store)) setOpenAtStart(home, true)
    terminal.answer({ vault: 'unlocked', already: false }, 'The vault is unlocked until `valetkey lock`.')
  })
}

async function lock(terminal: Terminal): Promise<void> {
  await withVault(async (store, home) => {
    const keys = await fetchKeys(home)
    try {
      vault.lock(store, keys, 'cli')
    } catch (failure) {
      // The processes that hold the key cannot be told; at least nobody gets it from them any more.
      withdrawAny(home)
      throw failure
    } finally {
      setOpenAtStart(home, false)
    }
    const deadline = Date.now() + LOCK_WAIT_MS
    while ((await fetchKeys(home)) !== null) {
      if (Date.now() > deadline) {
        throw new Refusal('internal', 'a process still holds the key: `valetkey doctor` names it')
      }
      await new Promise((resolve) => setTimeout(resolve, LOCK_STEP_MS))
    }
    await holderGone(home)
    terminal.answer({ vault: 'locked' }, 'The vault is locked.')
  })
}

/** A holder refuses the key at once and takes its announcement back when it ends; one that was killed never does. */
async function holderGone(home: string): Promise<void> {
  const deadline = Date.now() + HOLDER_END_MS
  while (readPlace(home) !== null && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, LOCK_STEP_MS))
  }
}

async function status(terminal: Terminal): Promise<void> {
  const home = vaultHome()
  const found = await look(home)
  const about = { version: VERSION, protocol: PROTOCOL_VERSION, home }
  const lines = [`vault     ${found.vault} (${home})`]
  if (found.slots.length > 0) lines.push(`opens by  ${found.slots.join(', ')}`)
  if (found.vault === 'unlocked') {
    lines.push(`services  ${found.services}`, `sessions  ${found.liveSessions} live`)
  }
  if (found.paused !== null) lines.push('paused    yes: no call of a site is sent until `valetkey resume`')
  terminal.answer({ ...about, ...found }, lines.join('\n'))
}

async function look(home: string): Promise<vault.VaultStatus> {
  if (!databaseExists(home))
    return { vault: 'missing', slots: [], services: 0, liveSessions: 0, paused: null }
  const store = openStore(home)
  try {
    return vault.status(store, await fetchKeys(home), Date.now())
  } finally {
    store.close()
  }
}
