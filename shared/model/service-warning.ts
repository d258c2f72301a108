/**
 * What the owner of a local service should know of it, beside what it answered. Append only.
 *
 * `open-to-network`: its server listens beyond loopback, so that others on the network reach it too, past Valet Key.
 * `elsewhere`: it was declared local and does not live on this machine.
 */
export const SERVICE_WARNINGS = ['open-to-network', 'elsewhere'] as const
/** One of the closed set of warnings. */
export type ServiceWarningCode = (typeof SERVICE_WARNINGS)[number]

/** A warning with what it speaks of. */
export interface ServiceWarning {
  code: ServiceWarningCode
  /** Addresses without ports: at which it listens for others, or at which it lives. At least one. */
  addresses: string[]
  /** The same in English, as the command says it. */
  message: string
}
