import type { CallValues } from '../call-values.ts'
import { HeldKeys } from './page-keys.ts'

/**
 * Comes into a document of a granted site when its owner looks for keys there, beside the carrier: where that is not, this
 * is no such document, and nothing is looked at.
 */
const world = globalThis as { valetKeyCarrier?: { readonly values: CallValues }; valetKeyHeldKeys?: HeldKeys }

if (world.valetKeyCarrier !== undefined) world.valetKeyHeldKeys ??= new HeldKeys(world.valetKeyCarrier.values)
