import { type CompiledProgram, compileProgram, PROGRAMS } from './code-cache.ts'

const { createRequire } = process.getBuiltinModule('node:module')
const { dirname } = process.getBuiltinModule('node:path')

/**
 * Run a compiled program as the CommonJS module of its file: what it loads later finds it there and does not load it again. The
 * other programs beside it are run in the same way where it asks for them.
 *
 * @param compile how these are compiled. @returns what the program exports.
 */
export function runProgram(
  { script, file }: CompiledProgram,
  compile: (folder: string, program: string) => CompiledProgram = compileProgram,
): unknown {
  const folder = dirname(file)
  const asked = createRequire(file)
  const require = (name: string): unknown => {
    const program = PROGRAMS.find((one) => `./${one}` === name && !(asked.resolve(name) in asked.cache))
    return program === undefined ? asked(name) : runProgram(compile(folder, program), compile)
  }
  const module = { id: file, filename: file, path: folder, loaded: false, exports: {}, children: [] }
  asked.cache[file] = module as unknown as NodeJS.Module
  script.runInThisContext()(module.exports, require, module, file, folder)
  module.loaded = true
  return module.exports
}
