import * as z from 'zod/mini'
import type { Finding } from '../model/finding.ts'
import { MEND_KINDS } from '../model/mend-kind.ts'
import { IdSchema } from '../model/names.ts'

/** A browser's own name or version, as it says it of itself. */
const BrowserWord = z.string().check(z.minLength(1), z.maxLength(64))

/** Orders about this machine: its host, the browsers that may start one, and the hosts that run. */
export const DEVICE_COMMANDS = [
  /** The host, the browsers it is registered with, and who else has this vault open. Reads only; answered whatever state the vault is in. */
  z.strictObject({ name: z.literal('devices') }),
  /** Which browser this host works for, for `devices` of other browsers to say. Kept for as long as the host lives. */
  z.strictObject({ name: z.literal('host-introduce'), browser: BrowserWord, version: BrowserWord }),
  /** Ends the live sessions that came about or were used through one running host. `unknown` where it does not run. */
  z.strictObject({ name: z.literal('host-end-sessions'), host: IdSchema }),
  /** Puts one kind of finding in order. It names no place: the host knows its own. */
  z.strictObject({ name: z.literal('doctor-mend'), kind: z.enum(MEND_KINDS) }),
] as const

/** The host that answers. Paths are as its user writes them: `~` for the home folder. */
export interface HostFacts {
  version: string
  protocol: number
  /** Of the Node it runs on. */
  node: string
  /** The vault's folder. */
  vaultHome: string
  /** What the browser started. Null: an older launcher, which does not say. */
  launcher: string | null
  /** Milliseconds since the epoch. */
  startedAt: number
  /** Resident, in bytes. */
  memory: number
}

/** A browser whose manifest names this host, or did so when it was installed. */
export interface RegisteredBrowser {
  /** As `install --browser` takes it; `profile` for a folder of its own. */
  name: string
  /** Null for a profile: its folder says which. */
  label: string | null
  /** Path of the manifest, with `~`. */
  manifest: string
  /** True for the one that started the host that answers. */
  isThis: boolean
  /** Whether it would start this host, and what mends it where not. */
  finding: Finding
}

/** A host that runs on this vault now. */
export interface RunningHost {
  id: string
  /** True for the one that answers. */
  isThis: boolean
  /** Null: it did not say, or has only just begun. */
  browser: { name: string; version: string } | null
  /** Id of the extension it answers, as its browser said when it started it; null where it said none. */
  extension: string | null
  /** Of the host's program. */
  version: string
  /** Milliseconds since the epoch. */
  startedAt: number
  /** Live sessions that came about or were used through it. */
  sessions: number
}

/** What `devices` answers with. */
export interface Devices {
  host: HostFacts
  browsers: RegisteredBrowser[]
  /** Oldest first; null where the vault is not open: nothing runs then. */
  running: RunningHost[] | null
}

/** What each of them answers with. */
export interface DeviceResults {
  devices: Devices
  'host-introduce': null
  'host-end-sessions': { revoked: number }
  /** How many things were put in order: zero where somebody was faster. */
  'doctor-mend': { mended: number }
}
