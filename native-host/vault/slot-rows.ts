import { Refusal } from '../refusal.ts'
import { bytesOf, type Row, textOf } from '../store/columns.ts'
import type { Store } from '../store/store.ts'
import { openWith, sealWith, subkey } from './envelope.ts'
import { type SlotParameters, SlotParametersSchema } from './slot-kinds.ts'

/** A slot ready to be stored. */
export interface WrappedSlot {
  readonly id: string
  readonly parameters: SlotParameters
  readonly wrapped: Uint8Array
}

// SECURITY: the parameters are bound, so that a slot cannot be given another's salt or a weaker stretching.
function placeOf(id: string, parameters: SlotParameters): string {
  return `slots:${id}:${JSON.stringify(parameters)}`
}

/** Wrap the data key for a slot that is not stored yet. */
export function wrap(
  id: string,
  parameters: SlotParameters,
  secret: Uint8Array,
  dataKey: Uint8Array,
): WrappedSlot {
  const key = subkey(secret, Buffer.from(parameters.salt, 'base64'), `slot-${parameters.kind}`)
  return { id, parameters, wrapped: sealWith(key, placeOf(id, parameters), dataKey) }
}

/** The data key that a slot holds; null where this is not its secret. The caller wipes it. */
export function unwrap(slot: WrappedSlot, secret: Uint8Array): Uint8Array | null {
  const { id, parameters, wrapped } = slot
  const key = subkey(secret, Buffer.from(parameters.salt, 'base64'), `slot-${parameters.kind}`)
  return openWith(key, placeOf(id, parameters), wrapped)
}

/** What a slot says of itself; null where that is nothing a slot may say. */
export function parametersOf(row: Row): SlotParameters | null {
  const parameters = SlotParametersSchema.safeParse(jsonOrNull(textOf(row, 'parameters')))
  return parameters.success && parameters.data.kind === textOf(row, 'kind') ? parameters.data : null
}

/** The slot in a row of `slots`. @throws Refusal `store-damaged` where it asks for what no slot may. */
export function readSlot(row: Row): WrappedSlot {
  const parameters = parametersOf(row)
  if (parameters === null)
    throw new Refusal('store-damaged', 'the vault is damaged: a key slot asks for what no slot may')
  return { id: textOf(row, 'id'), parameters, wrapped: bytesOf(row, 'wrapped') }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Store a slot. Within a transaction. */
export function writeSlot(store: Store, slot: WrappedSlot): void {
  store.run(
    'INSERT INTO slots (id, kind, created_at, parameters, wrapped) VALUES (?, ?, ?, ?, ?)',
    slot.id,
    slot.parameters.kind,
    Date.now(),
    JSON.stringify(slot.parameters),
    slot.wrapped,
  )
}

/** Delete slots, whatever is left. Within a transaction that has seen to it that the vault still opens. */
export function dropSlots(store: Store, ids: readonly string[]): void {
  for (const id of ids) store.run('DELETE FROM slots WHERE id = ?', id)
}
