import type { InlineConfig, Plugin } from 'vite'
import { PROGRAMS } from '../native-host/install/code-cache.ts'

/** Programs of the host: `main` is what a browser starts, `attendant` what stays beside it where secrets live elsewhere, `cli` the command, `keychain-program` the short-lived opener. */
const HOST_ENTRIES: Record<string, string> = {
  main: 'native-host/install/start-built.ts',
  cli: 'native-host/install/start-command.ts',
  attendant: 'native-host/attendant.ts',
  'keychain-program': 'native-host/vault/keychain-program.ts',
}

/** Where the source starts another program by `new URL('./name.ts', import.meta.url)`, the build starts the built one. */
const builtPrograms: Plugin = {
  name: 'valetkey-built-programs',
  transform: (code) =>
    code.replace(/(new URL\(['"]\.\/([\w-]+))\.ts(?=['"], import\.meta\.url\))/g, (found, start, name) =>
      Object.hasOwn(HOST_ENTRIES, name) ? `${start}.mjs` : found,
    ),
}

/** undici tries for HTTP/2 at its first line, which no service is called with: 10 ms of a start and 4 MB. It does without where there is none. */
const withoutHttp2: Plugin = {
  name: 'valetkey-without-http2',
  transform(code, id) {
    if (!id.endsWith('undici/lib/dispatcher/client-h2.js')) return null
    const without = code.replace("require('node:http2')", '{ constants: {} }')
    if (without === code) throw new Error('undici asks for HTTP/2 in another way now')
    return without
  },
}

/** Parts of undici that no call of ours comes to, by the end of their file's name, and what stands there instead. */
const LEFT_OUT: Record<string, string> = {
  // Milo, another parser of HTTP/1, which undici takes only where it is asked to.
  'undici/lib/milo/simd.js': "throw new Error('not built in')",
  'undici/lib/milo/no-simd.js': "throw new Error('not built in')",
}

/**
 * What undici asks of Node at its first line and hardly uses: 4 ms of a first call and 3 MB. An answer of Node's own server is
 * never a body of ours, and the longest head is said with each agent.
 */
const HARDLY_USED: readonly (readonly [asked: string, instead: string])[] = [
  [
    "require('node:assert')",
    "((isTrue, why) => { if (!isTrue) throw new Error(why === undefined ? 'undici found what cannot be' : String(why)) })",
  ],
  ["require('node:http')", '{ maxHeaderSize: 16384, IncomingMessage: class {} }'],
]

/** Builds undici without {@link LEFT_OUT} and {@link HARDLY_USED}. */
const leanUndici: Plugin = {
  name: 'valetkey-lean-undici',
  transform(code, id) {
    if (!id.includes('/undici/lib/')) return null
    const whole = Object.entries(LEFT_OUT).find(([name]) => id.endsWith(name))
    if (whole !== undefined) return whole[1]
    return HARDLY_USED.reduce((text, [asked, instead]) => text.replace(asked, instead), code)
  },
}

/** Modules of Node that are loaded where they are used first: a call without coding, name or TLS uses none of them. */
const LATE = /\blet (node_(?:child_process|dns|tls|zlib)[$\d]*)=require\("(node:\w+)"\);/g

function loadedLate(code: string): string {
  let text = code
  for (const [line, name = '', module = ''] of code.matchAll(LATE))
    text = text.replace(line, '').replaceAll(`${name}.`, `require("${module}").`)
  return text
}

/** {@link LATE} for the host, whose calls are to begin soon. */
const lateModules: Plugin = {
  name: 'valetkey-late-modules',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk') chunk.code = loadedLate(chunk.code)
  },
}

/** What the chunks of a build share of its bundler, in a file of its own: three functions that keep nothing. */
const RUNTIME = /\bconst (\w+)=require\("\.\/(rolldown-runtime-[\w-]+\.cjs)"\);/

/** A program with its own copy of that: to find and load one file more by Node's loader takes two milliseconds of a start. */
function withRuntime(code: string, bundle: Record<string, { type: string; code?: string }>): string {
  return code.replace(RUNTIME, (_line, name: string, file: string) => {
    const runtime = bundle[file]?.code
    if (runtime === undefined) throw new Error(`no ${file} was built`)
    return `const ${name}=((exports)=>{${runtime}\nreturn exports})({});`
  })
}

/** ASCII, of which a character takes one byte in memory and not two; a program as one function, for the engine's code cache. */
const oneByteProgram: Plugin = {
  name: 'valetkey-one-byte-program',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue
      const code = chunk.code.replace(/[^\0-\x7f]/g, escaped)
      chunk.code = PROGRAMS.some((name) => name === chunk.fileName)
        ? `(function(exports,require,module,__filename,__dirname){${withRuntime(code, bundle)}\n})`
        : code
    }
  },
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/**
 * Build of the host's programs into `outDir`, one `.mjs` for each with every dependency inside: they may read nothing but
 * their own folder and the owner's. Only the optional native keychain stays outside, because it is an addon.
 */
export function hostConfig(root: string, outDir: string): InlineConfig {
  return config(root, outDir, HOST_ENTRIES, [builtPrograms, withoutHttp2], true, {
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name]-[hash].mjs',
  })
}

/** Build of what `main.mjs` runs: the host as one file, beside it what few calls need. */
export function hostProgramConfig(root: string, outDir: string): InlineConfig {
  const plugins = [builtPrograms, withoutHttp2, leanUndici, lateModules, oneByteProgram]
  return config(root, outDir, { host: 'native-host/main.ts' }, plugins, false, {
    ...ONE_FILE,
    chunkFileNames: ({ name }) =>
      PROGRAMS.some((one) => one === `${name}.cjs`) ? '[name].cjs' : '[name]-[hash].cjs',
  })
}

/** Build of what `cli.mjs` runs: the command as one file, beside it what few commands need. */
export function commandProgramConfig(root: string, outDir: string): InlineConfig {
  const plugins = [builtPrograms, withoutHttp2, oneByteProgram]
  return config(root, outDir, { command: 'native-host/cli/run.ts' }, plugins, false, {
    ...ONE_FILE,
    chunkFileNames: '[name]-[hash].cjs',
  })
}

/** Without comments and blanks, names kept: they are in the names of errors. */
const ONE_FILE: Output = {
  format: 'cjs',
  entryFileNames: '[name].cjs',
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
}

type Output = NonNullable<NonNullable<NonNullable<InlineConfig['build']>['rolldownOptions']>['output']>

function config(
  root: string,
  outDir: string,
  input: Record<string, string>,
  plugins: Plugin[],
  emptyOutDir: boolean,
  output: Output,
): InlineConfig {
  return {
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins,
    ssr: { noExternal: true, external: ['@napi-rs/keyring'], target: 'node' },
    build: {
      ssr: true,
      outDir,
      emptyOutDir,
      target: 'node26',
      minify: false,
      rolldownOptions: { input, output },
    },
  }
}
