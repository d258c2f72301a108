import fc from 'fast-check'

/** Null, and once in about `often` times a value. */
export function rarely<T>(arbitrary: fc.Arbitrary<T>, often: number): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: often - 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })
}
