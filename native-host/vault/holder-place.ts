import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, linkSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { newPrivateFile, readPrivateFile, replacePrivateFile } from '../store/private-files.ts'

const TOKEN_BYTES = 32
const TOKEN_FILE = 'holder.token'

/** Unix socket paths may have 104 bytes on macOS and 108 on Linux, with the zero at the end. */
const MAX_SOCKET_PATH = 100

/** One offer of the keys: its token, and the socket that goes with it. */
export interface HolderPlace {
  readonly home: string
  readonly token: Uint8Array
  /** Name of the socket within `home`, or of the pipe on Windows. Follows from the token. */
  readonly socket: string
}

function placeFor(home: string, token: Uint8Array): HolderPlace {
  // Named after the token, so that a token and a socket of two offers are never taken for one; on Windows, where any
  // program may open a pipe of any name, a stranger cannot know the name beforehand.
  const name = createHash('sha256').update('holder').update(token).digest('hex').slice(0, 16)
  return {
    home,
    token,
    socket: process.platform === 'win32' ? `\\\\.\\pipe\\valetkey-${name}` : `holder-${name}.sock`,
  }
}

/** A place for a new offer. Nothing is written yet. */
export function newPlace(home: string): HolderPlace {
  return placeFor(resolve(home), randomBytes(TOKEN_BYTES))
}

/** The place of the offer that is (or was) made in `home`. Null where there is none, or others could have made it. */
export function readPlace(home: string): HolderPlace | null {
  const folder = resolve(home)
  try {
    const token = readPrivateFile(join(folder, TOKEN_FILE), TOKEN_BYTES)
    return token?.length === TOKEN_BYTES ? placeFor(folder, token) : null
  } catch {
    // SECURITY: a link, another user's file, one that others can read: as good as no offer.
    return null
  }
}

/**
 * Run `use` with a path for the socket that the system takes.
 *
 * Where the path is too long it is a relative one, and the process stands in `home` while `use` runs: `use` must bind or
 * connect before it returns.
 */
export function withSocketPath<T>(place: HolderPlace, use: (path: string) => T): T {
  if (process.platform === 'win32') return use(place.socket)
  const path = join(place.home, place.socket)
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH) return use(path)
  const before = process.cwd()
  process.chdir(place.home)
  try {
    return use(place.socket)
  } finally {
    process.chdir(before)
  }
}

/** Let nobody else connect. The folder keeps them out already; this is the second lock. */
export function closeToOthers(place: HolderPlace): void {
  if (process.platform !== 'win32') chmodSync(join(place.home, place.socket), 0o600)
}

/** Say where the offer is: true unless another offer was announced before. */
export function announce(place: HolderPlace): boolean {
  const path = join(place.home, TOKEN_FILE)
  const fresh = `${path}.${place.socket.replace(/[^0-9a-z]/g, '')}.new`
  newPrivateFile(fresh, place.token)
  try {
    linkSync(fresh, path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(fresh, { force: true })
  }
}

/** Say where the offer is, in place of one that is dead; null: of what was no offer at all. */
export function announceInstead(place: HolderPlace, dead: HolderPlace | null): void {
  replacePrivateFile(join(place.home, TOKEN_FILE), place.token)
  if (dead !== null) removeSocket(dead)
}

/** True while the announcement is this one. */
export function isAnnounced(place: HolderPlace): boolean {
  const current = readPlace(place.home)
  return current !== null && Buffer.compare(current.token, place.token) === 0
}

/** Take the announcement back, if it is still this one, and the socket with it. */
export function withdraw(place: HolderPlace): void {
  if (isAnnounced(place)) rmSync(join(place.home, TOKEN_FILE), { force: true })
  removeSocket(place)
}

/** Take back whatever offer is announced in `home`, whoever makes it: nobody finds its way to the key again. */
export function withdrawAny(home: string): void {
  rmSync(join(resolve(home), TOKEN_FILE), { force: true })
}

function removeSocket(place: HolderPlace): void {
  if (process.platform !== 'win32') rmSync(join(place.home, place.socket), { force: true })
}
