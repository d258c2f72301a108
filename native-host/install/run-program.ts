import type { CompiledProgram } from './code-cache.ts'

const { createRequire } = process.getBuiltinModule('node:module')
const { dirname } = process.getBuiltinModule('node:path')

/** Run a compiled program as the CommonJS module of its file: what it loads later finds it there and does not load it again. */
export function runProgram({ script, file }: CompiledProgram): void {
  const require = createRequire(file)
  const module = { id: file, filename: file, path: dirname(file), loaded: false, exports: {}, children: [] }
  require.cache[file] = module as unknown as NodeJS.Module
  script.runInThisContext()(module.exports, require, module, file, module.path)
  module.loaded = true
}
