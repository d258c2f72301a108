import type { InlineConfig } from 'vite'

/** Programs of the host: `main` is what a browser starts, `cli` is the command, `keychain` the short-lived opener. */
export const HOST_ENTRIES = {
  main: 'native-host/main.ts',
  cli: 'native-host/cli.ts',
  keychain: 'native-host/vault/keychain.ts',
} as const

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
    ssr: { noExternal: true, external: ['@napi-rs/keyring'], target: 'node' },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node26',
      minify: false,
      rolldownOptions: {
        input: { ...HOST_ENTRIES },
        output: { entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' },
      },
    },
  }
}
