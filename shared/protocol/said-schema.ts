import * as z from 'zod/mini'
import type { Said } from '../model/said.ts'

/** What the wires let through as a sentence with its values apart. */
export const SaidSchema: z.ZodMiniType<Said> = z.strictObject({
  text: z.string(),
  values: z.array(z.union([z.string(), z.lazy(() => SaidSchema)])),
})
