import { createKeys } from '../../native-host/vault/envelope.ts'
import { fetchKeys, offerKeys } from '../../native-host/vault/keyholder.ts'

/**
 * `hold HOME KEY`: offer the key, say `offering` or `taken`, and stay. `fetch HOME`: say which key is offered, or
 * `nobody`.
 */
const [verb, home = '', dataKey = ''] = process.argv.slice(2)

if (verb === 'hold') {
  const offer = await offerKeys(home, createKeys(Buffer.from(dataKey, 'hex')))
  process.stdout.write(offer === null ? 'taken' : 'offering')
  if (offer !== null) setInterval(() => {}, 1000)
} else {
  const keys = await fetchKeys(home)
  process.stdout.write(keys === null ? 'nobody' : Buffer.from(keys.exportKey()).toString('hex'))
}
