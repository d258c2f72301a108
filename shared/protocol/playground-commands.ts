import * as z from 'zod/mini'

/** Opens the playground where no process of this vault has it open, and says where. Adds the service it comes with; refused with `exists` where that name is taken. */
export const PlaygroundOpenSchema = z.strictObject({ name: z.literal('playground-open') })

/** Closes the playground, whichever process serves it, and takes back everything that was given to its page, its service too. Nothing where it is not open. */
export const PlaygroundCloseSchema = z.strictObject({ name: z.literal('playground-close') })

/** Where the playground is. Nothing of it is secret. */
export interface PlaygroundPlace {
  /** To be opened in a browser: `http://127.0.0.1:PORT/…/`. */
  url: string
  /** What the owner connects: `http://127.0.0.1:PORT`. */
  origin: string
  /** Id of the service that it comes with, to try a call without a key of one's own. */
  service: string
  /** Id of that service's capability. */
  capability: string
}
