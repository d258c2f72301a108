import { Refusal } from '../refusal.ts'
import { readAside } from '../store/read-aside.ts'
import { keychainFind } from '../vault/keychain.ts'
import { ReferenceFault } from './fault.ts'
import type { Fetch } from './fetcher.ts'
import type { PackedReference } from './packed-reference.ts'
import { isRegistered } from './registry.ts'
import { MAX_ANSWER, runCommand } from './run-command.ts'
import { takePart } from './take-part.ts'

/** How long a file may take, ms: what it lies on may be far away, or gone. */
const FILE_MS = 10_000

/**
 * What only a process that may start programs and read files can fetch of a reference: the secret of a `command`, `file`
 * or `keychain`, the token in the file that a `vault-kv2` names. Nothing for a reference its owner did not enter here.
 *
 * @param home the data directory, whose registry counts.
 * @param input the helper secret, see `helperOf`.
 * @throws ReferenceFault; the signal's reason.
 */
export async function fetchHere(
  home: string,
  packed: PackedReference,
  input: Uint8Array | null,
  signal: AbortSignal,
): Promise<Uint8Array> {
  // SECURITY: whoever could write to the database could name a program in it; the registry is out of their reach.
  if (!isRegistered(home, packed)) throw new ReferenceFault('reference-unregistered')
  return fetchUnregistered(packed, input, signal)
}

/** `fetchHere` for one data directory. */
export function fromHere(home: string): Fetch {
  return (packed, input, signal) => fetchHere(home, packed, input, signal)
}

/** The same for a reference that its owner is about to enter. */
export async function fetchUnregistered(
  { reference }: PackedReference,
  input: Uint8Array | null,
  signal: AbortSignal,
): Promise<Uint8Array> {
  switch (reference.kind) {
    case 'command':
      return takePart(await runCommand(reference, input, signal), reference.take)
    case 'file':
      return takePart(await readFile(reference.path, signal), reference.take)
    case 'keychain':
      return keychainEntry(reference, signal)
    case 'vault-kv2':
      if (!('file' in reference.token)) throw new ReferenceFault('reference-no-helper')
      return takePart(await readFile(reference.token.file, signal), 'line')
  }
}

async function readFile(path: string, signal: AbortSignal): Promise<Uint8Array> {
  const bytes = await privateBytes(path, signal)
  if (bytes === null) throw new ReferenceFault('reference-file-missing')
  return bytes
}

async function privateBytes(path: string, signal: AbortSignal): Promise<Uint8Array | null> {
  const timer = AbortSignal.timeout(FILE_MS)
  try {
    return await readAside(path, MAX_ANSWER, AbortSignal.any([timer, signal]))
  } catch (error) {
    signal.throwIfAborted()
    if (timer.aborted) throw new ReferenceFault('reference-timeout')
    throw new ReferenceFault(error instanceof Refusal ? 'reference-file-unsafe' : 'reference-file-missing')
  }
}

async function keychainEntry(
  { service, account, seconds }: { service: string; account: string; seconds: number },
  signal: AbortSignal,
): Promise<Uint8Array> {
  const timer = AbortSignal.timeout(seconds * 1000)
  const bytes = await keychainFind({ service, account }, AbortSignal.any([timer, signal])).catch(() => null)
  signal.throwIfAborted()
  if (timer.aborted) throw new ReferenceFault('reference-timeout')
  if (bytes === null) throw new ReferenceFault('reference-keychain-failed')
  return bytes
}
