import type { InlineConfig, Plugin } from 'vite'

/** Programs of the host: `main` is what a browser starts, `attendant` what stays beside it where secrets live elsewhere, `cli` the command, `keychain-program` the short-lived opener. */
const HOST_ENTRIES: Record<string, string> = {
  main: 'native-host/main.ts',
  cli: 'native-host/cli.ts',
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

/**
 * Build of the host into `outDir`, one `.mjs` for each entry with every dependency inside: the host may read nothing but
 * its own folder and the owner's. Only the optional native keychain stays outside, because it is an addon.
 */
export function hostConfig(root: string, outDir: string): InlineConfig {
  return {
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [builtPrograms],
    ssr: { noExternal: true, external: ['@napi-rs/keyring'], target: 'node' },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node26',
      minify: false,
      rolldownOptions: {
        input: HOST_ENTRIES,
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  }
}
