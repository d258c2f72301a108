import './without-eval.ts'
import * as z from 'zod/mini'
import {
  type ConnectIntent,
  ConnectIntentSchema,
  type ConnectOutcome,
  type OwnerFrameToBackground,
  OwnerFrameToBackgroundSchema,
} from '../../shared/protocol/owner-port.ts'
import { type ProviderAsk, ProviderAskSchema } from '../../shared/protocol/provider-frames.ts'
import { SaidSchema } from '../../shared/protocol/said-schema.ts'

/** What orders need of the schemas, the owner's and a page's to the provider. Reached through `late.ts`. */

const StoredIntentSchema = z.object({ intent: ConnectIntentSchema, at: z.number() })
const StoredOutcomeSchema = z.object({
  state: z.enum(['none', 'waiting', 'connected', 'failed']),
  code: z.nullable(z.string()),
  message: z.nullable(z.string()),
  said: z.optional(SaidSchema),
})
const DenialsSchema = z.record(z.string(), z.array(z.number()))

/** What the owner meant to connect, and when: milliseconds since the epoch. */
export interface StoredIntent {
  intent: ConnectIntent
  at: number
}

/** A message of one of our own pages as an order; null where it is none. */
export function readOrder(message: unknown): OwnerFrameToBackground | null {
  return (OwnerFrameToBackgroundSchema.safeParse(message).data as OwnerFrameToBackground | undefined) ?? null
}

/** A message of a content script as an order to the provider; null where it is none. */
export function readProviderAsk(message: unknown): ProviderAsk | null {
  return ProviderAskSchema.safeParse(message).data ?? null
}

/** An intent that was stored; null where what is stored is anything else. */
export function readIntent(stored: unknown): StoredIntent | null {
  return StoredIntentSchema.safeParse(stored).data ?? null
}

/** An outcome that was stored; null where what is stored is anything else. */
export function readOutcome(stored: unknown): ConnectOutcome | null {
  return StoredOutcomeSchema.safeParse(stored).data ?? null
}

/** When each site was told no, milliseconds since the epoch, as stored; none where what is stored is anything else. */
export function readDenials(stored: unknown): Record<string, number[]> {
  return DenialsSchema.safeParse(stored).data ?? {}
}
