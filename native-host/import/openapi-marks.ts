import type { OperationMark } from '../../shared/model/described-operation.ts'
import type { Operation } from './openapi-document.ts'
import { mintsCredential, suggestReading, wordsAbout } from './openapi-reading.ts'

/** Words that say that something is taken away. */
const DELETES = words('delete remove destroy purge clear drop wipe erase truncate uninstall terminate')
/** Words that say that money, or something that is billed, may be used up. */
const SPENDS = words(
  'pay payment payments payout payouts charge charges purchase purchases buy order orders checkout subscribe subscription ' +
    'subscriptions invoice invoices transfer transfers topup credit credits billing generate generation generations completion ' +
    'completions embedding embeddings inference predict prediction predictions speech transcription transcriptions images chat',
)

/**
 * What an operation does that its owner should see before ticking it, as far as its description tells; none for one that is
 * suggested as reading.
 */
export function marksOf(operation: Operation): OperationMark[] {
  const mints = mintsCredential(operation)
  if (suggestReading(operation).reads) return []
  const about = wordsAbout(operation)
  const deletes = operation.method === 'DELETE' || about.some((word) => DELETES.has(word))
  const spends = operation.method === 'POST' && about.some((word) => SPENDS.has(word))
  return [
    ...(mints ? (['mints'] as const) : []),
    ...(deletes ? (['deletes'] as const) : []),
    ...(spends ? (['spends'] as const) : []),
    // A credential that is only asked for changes nothing by itself.
    ...(deletes || (mints && operation.method === 'GET') ? [] : (['writes'] as const)),
  ]
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '))
}
