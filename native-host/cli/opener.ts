import type { Command } from 'commander'
import { hasStoredSlot, storedOpener } from '../owner/vault.ts'
import { Refusal } from '../refusal.ts'
import type { Store } from '../store/store.ts'
import type { NewSlot, Opener } from '../vault/slots.ts'
import { secretFromStdin } from './owner-files.ts'
import { canPrompt, promptNewPassphrase, promptSecret } from './prompt.ts'
import { UsageError } from './usage-error.ts'

/** The options that say how a vault opens. */
export interface OpenerOptions {
  passphraseStdin?: boolean
  recoveryStdin?: boolean
  keychain?: boolean
  keyFile?: string
  stored?: boolean
}

/** Offer the options of a new slot. */
export function slotOptions(command: Command): Command {
  return command
    .option('--passphrase-stdin', 'a passphrase, read from stdin')
    .option('--keychain', 'a key in the keychain of the operating system')
    .option('--key-file <path>', 'a key in a file of its own; made where there is none')
}

/** The slot the owner asked for; a prompt for a new passphrase where they named none. @throws UsageError. */
export async function newSlot(options: OpenerOptions): Promise<NewSlot> {
  refuseTwo(options)
  if (options.keychain) return { kind: 'keychain' }
  if (options.keyFile !== undefined) return { kind: 'key-file', path: options.keyFile }
  const passphrase = options.passphraseStdin ? await textFromStdin() : await promptNewPassphrase()
  return { kind: 'passphrase', passphrase }
}

/**
 * The way to open the vault: what the owner named; else a slot that opens without a word (key file, keychain); else a
 * prompt.
 *
 * @throws UsageError, Refusal `vault-locked` where nobody can be asked.
 */
export async function opener(options: OpenerOptions, store: Store): Promise<Opener> {
  refuseTwo(options)
  if (options.keychain) return { kind: 'keychain' }
  if (options.keyFile !== undefined) return { kind: 'key-file', path: options.keyFile }
  if (options.passphraseStdin) return { kind: 'passphrase', text: await textFromStdin() }
  if (options.recoveryStdin) return { kind: 'recovery', text: await textFromStdin() }
  if (options.stored || hasStoredSlot(store)) return storedOpener(store)
  if (!canPrompt()) {
    throw new Refusal(
      'vault-locked',
      'there is no terminal to ask for the passphrase: `valetkey unlock --passphrase-stdin`',
    )
  }
  return { kind: 'passphrase', text: await promptSecret('Passphrase') }
}

function refuseTwo(options: OpenerOptions): void {
  const { passphraseStdin, recoveryStdin, keychain, keyFile, stored } = options
  const named = [passphraseStdin, recoveryStdin, keychain, keyFile, stored].filter(
    (each) => each !== undefined,
  )
  if (named.length > 1) throw new UsageError('name one way to open the vault, not several')
}

/** A secret on stdin as text. @throws UsageError where it is empty or no UTF-8. */
export async function textFromStdin(): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await secretFromStdin())
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError('what is on stdin is not UTF-8 text')
  }
}
