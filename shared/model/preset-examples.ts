import * as z from 'zod/mini'

/** `METHOD PATH-or-URL`, with a body (JSON, or the text of a form and its type) where there is one. */
const ExampleSchema = z.union([
  z.string(),
  z.tuple([z.string(), z.unknown()]),
  z.tuple([z.string(), z.string(), z.string()]),
])
/** One call of a site. A path alone is at the preset's first base URL. */
export type Example = z.infer<typeof ExampleSchema>

/**
 * What a preset's file says beside the preset: calls people really make, which the tests decide by the real rules. Only tests
 * read it: nothing imports its value into the product, so that no byte of it is in the bundles.
 */
export const PresetExamplesSchema = z.strictObject({
  /** For presets whose base URL the owner gives. */
  baseUrl: z.exactOptional(z.url()),
  /** For presets that ask for values, by the ids of those. */
  values: z.exactOptional(z.record(z.string(), z.string())),
  /** The test call, and where `KEY` is in it: `authorization: Bearer KEY`, `query api_key`, `json /key`. */
  testCall: z.tuple([z.string(), z.string()]),
  /** What the service answers to the test call: status, body, and what that shows. */
  answers: z.array(z.tuple([z.number(), z.string(), z.string()])).check(z.minLength(2)),
  /**
   * By the name of each shape in the preset's `keys`: one key, then near misses. `{ALNUM 40}` stands for so many characters
   * (of HEX, ALNUM, LETTERS, UPPER, BASE32, or ALL digits): no file holds a text that looks like somebody's key.
   */
  keys: z.exactOptional(z.record(z.string(), z.array(z.string()).check(z.minLength(2)))),
  /** By the id of the capability: what it allows, and what not. Of those that ask for models, `listed-model` is the one listed. */
  capabilities: z.record(
    z.string(),
    z.strictObject({
      allow: z.array(ExampleSchema),
      /** By the reason of the denial, one of `native-host/policy/reason.ts`. */
      deny: z.record(z.string(), z.array(ExampleSchema)),
    }),
  ),
})
export type PresetExamples = z.infer<typeof PresetExamplesSchema>
