import { homedir } from 'node:os'
import { dirname, extname, join, sep } from 'node:path'
import { type HostProgram, programOf } from './host-program.ts'
import type { PlaceEnvironment } from './manifest-locations.ts'

/** What a browser passed on when it started the host. */
export interface StartedBy {
  /** The launcher's own path; null where it does not say. */
  readonly launcher: string | null
  /** `XDG_CONFIG_HOME` of whoever installed; null where they had none. */
  readonly configHome: string | null
  /** Arguments of the browser: Chromium's say its extension as an origin, Firefox's the manifest and then its add-on. */
  readonly said: readonly string[]
}

/** The running host as one process of this machine: what started it, where it lives, and what it may read. */
export class HostProcess {
  /** The vault's folder, absolute. */
  readonly vault: string
  readonly launcher: string | null
  /** Id of the extension it answers. Null: its browser said none. */
  readonly extension: string | null
  readonly place: PlaceEnvironment
  readonly node: string
  readonly program: HostProgram
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  /** What its browser calls itself, once it has said so. */
  browser: { name: string; version: string } | null = null

  constructor(vault: string, by: StartedBy) {
    this.vault = vault
    this.launcher = by.launcher
    this.extension = extensionIn(by.said)
    const env = by.configHome === null ? {} : { XDG_CONFIG_HOME: by.configHome }
    this.place = { platform: process.platform, home: process.env.HOME ?? homedir(), env }
    this.node = process.execPath
    const main = process.argv[1] ?? ''
    this.program = programOf(join(dirname(main), `cli${extname(main)}`))
    this.startedAt = Math.round(Date.now() - process.uptime() * 1000)
  }

  /** Whether Node's permission model lets this process read a path. True where it runs without one. */
  mayRead(path: string): boolean {
    return process.permission?.has('fs.read', path) ?? true
  }

  /** A path as its user writes it: with `~` for the home folder. */
  shortened(path: string): string {
    const { home } = this.place
    return path.startsWith(`${home}${sep}`) ? `~${path.slice(home.length)}` : path
  }
}

/** Ids as the two families write them; anything else is no id, whoever passed it. */
function extensionIn(said: readonly string[]): string | null {
  for (const each of said) {
    const chromium = /^chrome-extension:\/\/([a-p]{32})\/$/.exec(each)?.[1]
    if (chromium !== undefined) return chromium
  }
  const last = said.at(1) ?? ''
  return /^[\w.-]{1,80}@[\w.-]{1,80}$/.test(last) ? last : null
}
