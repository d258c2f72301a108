import { connect, createServer, type Server, type Socket } from 'node:net'
import { createKeys } from './envelope.ts'
import { ANSWER_BYTES, Asker, CHALLENGE_BYTES, HELLO_BYTES, Holder, PROOF_BYTES } from './holder-handshake.ts'
import {
  announce,
  announceInstead,
  closeToOthers,
  type HolderPlace,
  isAnnounced,
  newPlace,
  readPlace,
  withdraw,
  withSocketPath,
} from './holder-place.ts'
import type { VaultKeys } from './keys.ts'

/** A handshake that takes longer is given up, milliseconds. */
const PATIENCE = 1000

/** Handshakes at once. */
const MAX_CONNECTIONS = 32

/** An offer that is being made. */
export interface Offer {
  /** End it: no process gets the keys from here any more. Harmless twice. */
  close(): void
}

/**
 * Offer the keys of this process to other processes of the same user, until `close` or the end of the process. The
 * offer alone does not keep the process alive.
 *
 * @param stillOffered asked before each handing over; false refuses. Pass one that compares the lock epoch, so that no
 *   key is handed out between a lock and the end of this process.
 * @returns null where another live process offers already.
 * @throws the system's error where the folder cannot be written.
 */
export async function offerKeys(
  home: string,
  keys: VaultKeys,
  stillOffered: () => boolean = () => true,
): Promise<Offer | null> {
  const rival = readPlace(home)
  if (rival !== null && (await isServed(rival))) return null
  const place = newPlace(home)
  const server = await listen(place, keys, stillOffered)
  const offer = { close: () => closeOffer(server, place) }
  if (await claim(place)) return offer
  offer.close()
  return null
}

/** Announce the place, unless somebody who lives has announced another. */
async function claim(place: HolderPlace): Promise<boolean> {
  if (announce(place)) return true
  const rival = readPlace(place.home)
  if (rival !== null && (await isServed(rival))) return false
  announceInstead(place, rival)
  // Of two that replace a dead one at once the last wins; the other one sees it here or is not asked again.
  return isAnnounced(place)
}

function closeOffer(server: Server, place: HolderPlace): void {
  withdraw(place)
  server.close()
}

function listen(place: HolderPlace, keys: VaultKeys, stillOffered: () => boolean): Promise<Server> {
  const server = createServer((socket) => serve(socket, place, keys, stillOffered))
  server.maxConnections = MAX_CONNECTIONS
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => {
      server.off('error', reject).on('error', () => {})
      server.unref()
      closeToOthers(place)
      resolve(server)
    })
    withSocketPath(place, (path) => server.listen(path))
  })
}

function serve(socket: Socket, place: HolderPlace, keys: VaultKeys, stillOffered: () => boolean): void {
  const holder = new Holder(place.token)
  socket.unref()
  converse(socket, [HELLO_BYTES, PROOF_BYTES], (message, step) => {
    if (step === 0) return holder.challenge(message)
    if (!holder.accepts(message) || !stillOffered()) return null
    const dataKey = keys.exportKey()
    socket.end(holder.answer(dataKey))
    dataKey.fill(0)
    return 'done'
  })
}

/**
 * The keys another process of this user offers, or null: nobody does, nobody who can prove that it is one, or the token
 * file is a symbolic link, another user's or readable by others.
 */
export async function fetchKeys(home: string): Promise<VaultKeys | null> {
  const place = readPlace(home)
  if (place === null) return null
  const dataKey = await ask(place)
  if (dataKey === null) return null
  const keys = createKeys(dataKey)
  dataKey.fill(0)
  return keys
}

function ask(place: HolderPlace): Promise<Uint8Array | null> {
  return new Promise((resolve) => {
    const asker = new Asker(place.token)
    const socket = withSocketPath(place, (path) => connect(path))
    socket.on('connect', () => socket.write(asker.hello()))
    socket.on('close', () => resolve(null))
    converse(socket, [CHALLENGE_BYTES, ANSWER_BYTES], (message, step) => {
      if (step === 0) return asker.prove(message)
      resolve(asker.read(message))
      socket.end()
      return 'done'
    })
  })
}

/** True where somebody listens at the place. */
function isServed(place: HolderPlace): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = withSocketPath(place, (path) => connect(path))
    socket.setTimeout(PATIENCE, () => socket.destroy())
    socket.on('connect', () => {
      resolve(true)
      socket.destroy()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(false))
  })
}

/**
 * Read messages of known lengths, answer each, and drop whoever sends more, less or nothing.
 *
 * @param react bytes to answer with, null to hang up, `done` where it has ended the conversation itself.
 */
function converse(
  socket: Socket,
  lengths: readonly number[],
  react: (message: Uint8Array, step: number) => Uint8Array | 'done' | null,
): void {
  let step = 0
  let held = Buffer.alloc(0)
  socket.on('error', () => {})
  const timer = setTimeout(() => socket.destroy(), PATIENCE)
  timer.unref()
  socket.on('close', () => clearTimeout(timer))
  socket.on('data', (bytes: Buffer) => {
    held = Buffer.concat([held, bytes])
    const wanted = lengths[step] ?? 0
    if (held.length < wanted) return
    // SECURITY: nobody may speak out of turn; what is too long is dropped whole.
    const reply = held.length === wanted ? react(held, step) : null
    held = Buffer.alloc(0)
    step += 1
    if (reply === null) socket.destroy()
    else if (reply !== 'done') socket.write(reply)
  })
}
