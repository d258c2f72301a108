import type { Script } from 'node:vm'

// What the built host begins with: not by `import`, which would have Node load what their getters name (WebCrypto and more).
const { createHash } = process.getBuiltinModule('node:crypto')
const { readFileSync } = process.getBuiltinModule('node:fs')
const { join } = process.getBuiltinModule('node:path')
const vm = process.getBuiltinModule('node:vm')

/** The built host: one function that takes what Node gives a CommonJS module. ASCII, so that a character takes one byte. */
export const PROGRAM = 'host.cjs'
/** Of the same make: what sends a call, which the host loads when the browser has its first frame. */
export const SENDER = 'connections.cjs'
/** Of the same make: what `cli.mjs` runs. */
export const COMMAND = 'command.cjs'
/** What is built so that V8's code of it can be kept. */
export const PROGRAMS = [PROGRAM, SENDER, COMMAND] as const

/** The file of what V8 made of a program while it was built, so that a start need not: a digest, then V8's own bytes. */
export function cacheOf(program: string): string {
  return program.replace(/\.cjs$/, '.cache')
}

const DIGEST_BYTES = 32

/** One of {@link PROGRAMS} in a folder, compiled. */
export interface CompiledProgram {
  readonly script: Script
  /** Absolute path of its file. */
  readonly file: string
  /** False where it had to be compiled: another version of Node, other flags, no cache, or not this program's. */
  readonly isCached: boolean
}

/**
 * Compile a program in `folder`, with its code cache where that fits.
 *
 * SECURITY: V8 runs what a cache says and compares no more than lengths. So it lies beside the program, where the host may
 * read and never write: whoever can change the one can change the other. A cache of another program, e.g. of the one before a
 * mended fault, is not used, nor is one with a broken byte.
 *
 * @throws what `fs` throws where there is no program.
 */
export function compileProgram(folder: string, program: string = PROGRAM): CompiledProgram {
  const file = join(folder, program)
  const source = readFileSync(file)
  const cachedData = cachedFor(source, join(folder, cacheOf(program)))
  const script = new vm.Script(source.toString('latin1'), {
    filename: file,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData && { cachedData }),
  })
  return { script, file, isCached: cachedData !== undefined && script.cachedDataRejected === false }
}

/** The bytes of a cache file for a program whose code was run: what ran is what it saves compiling. */
export function packCache({ file, script }: CompiledProgram): Buffer {
  const data = script.createCachedData()
  return Buffer.concat([digestOf(readFileSync(file), data), data])
}

function cachedFor(source: Buffer, file: string): Buffer | undefined {
  try {
    const cache = readFileSync(file)
    const data = cache.subarray(DIGEST_BYTES)
    return digestOf(source, data).equals(cache.subarray(0, DIGEST_BYTES)) ? data : undefined
  } catch {
    return undefined
  }
}

// V8 compares its version and flags, not the machine.
function digestOf(source: Buffer, data: Buffer): Buffer {
  return createHash('sha256').update(process.arch).update(source).update(data).digest()
}
