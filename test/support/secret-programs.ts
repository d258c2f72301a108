import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PackedReference } from '../../native-host/references/packed-reference.ts'
import { readReference } from '../../native-host/references/read-reference.ts'
import { enterReferences } from '../../native-host/references/registry.ts'
import { listReferences, listServices, putSecret } from '../../native-host/store/services.ts'
import type { OwnedVault } from './owned-vault.ts'

/** A program that has a key, as a password manager is one: it counts how often it runs, waits, and writes the key. */
export class SecretProgram {
  readonly path: string
  readonly #runs: string
  readonly #value: string
  readonly #gate: string

  /** @param body of its shell script, before it writes the key; `$VALUE` is the file with it. */
  constructor(folder: string, name: string, value: string, body = '') {
    this.path = join(folder, name)
    this.#runs = `${this.path}.runs`
    this.#value = `${this.path}.value`
    this.#gate = `${this.path}.gate`
    this.is(value)
    const wait = `while [ -e '${this.#gate}' ]; do sleep 0.05; done`
    const lines = ['#!/bin/sh', `echo run >> '${this.#runs}'`, `VALUE='${this.#value}'`, body, wait]
    writeFileSync(this.path, `${[...lines, `cat "$VALUE"`].join('\n')}\n`)
    chmodSync(this.path, 0o700)
  }

  /** From now on it has this key. */
  is(value: string): void {
    writeFileSync(this.#value, `${value}\nand a comment\n`)
  }

  /** From now on it has none. */
  fails(): void {
    writeFileSync(this.#value, '')
  }

  /** Whoever starts it from now on waits until `open`. */
  close(): void {
    writeFileSync(this.#gate, '')
  }

  open(): void {
    rmSync(this.#gate, { force: true })
  }

  /** How often it was started. */
  get runs(): number {
    return existsSync(this.#runs) ? readFileSync(this.#runs, 'utf8').trim().split('\n').length : 0
  }
}

/** Have a secret of a service live elsewhere, entered by the owner. @param text as for `--secret-ref`. */
export function refer(
  vault: OwnedVault,
  service: string,
  name: string,
  text: string,
  isEntered = true,
): void {
  const { store, keys, home } = vault
  const packed = PackedReference.fresh(readReference(text))
  putSecret(store, keys, service, name, packed.bytes(), true)
  const stored = listServices(store, keys).flatMap(({ id }) => [...listReferences(store, keys, id).values()])
  const all = stored.map((bytes) => PackedReference.unpack(bytes))
  enterReferences(home, isEntered ? [packed] : [], all)
}
