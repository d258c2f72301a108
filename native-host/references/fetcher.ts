import type { Upstream } from '../upstream/send.ts'
import { ReferenceFault } from './fault.ts'
import { fetchKv2 } from './fetch-kv2.ts'
import type { PackedReference } from './packed-reference.ts'

/**
 * Gets a secret from where it lives.
 *
 * @param input the helper secret, see `helperOf`; null where the reference needs none or none is stored.
 * @returns the secret; never empty, never kept.
 * @throws ReferenceFault; the signal's reason.
 */
export type Fetch = (
  packed: PackedReference,
  input: Uint8Array | null,
  signal: AbortSignal,
) => Promise<Uint8Array>

/**
 * Fetching as it is done in one process: servers are asked through its `upstream`, what needs programs and files goes
 * another way.
 *
 * @param here that way: `fetchHere` itself, or the attendant's.
 */
export function fetcher(here: Fetch, upstream: Upstream): Fetch {
  return async (packed, input, signal) => {
    const { reference } = packed
    if (reference.kind !== 'vault-kv2') return here(packed, input, signal)
    const token = 'file' in reference.token ? await here(packed, null, signal) : input
    if (token === null) throw new ReferenceFault('reference-no-helper')
    return fetchKv2(reference, token, upstream, signal)
  }
}

/** For a host that nothing stands beside: whatever needs a program or a file cannot be had. */
export const fetchNothingHere: Fetch = () => Promise.reject(new ReferenceFault('reference-unattended'))
