import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { hasKeychain, KeychainSession } from '../support/keychain-session.ts'
import { referredWorld } from './referred-fixture.ts'

/** A key in a real Secret Service, through the host and attendant as a browser of that session starts them. */
const KEY = 'sk-in-the-keychain-of-the-owner-1414'
const world = referredWorld(KEY)
const FAILED = { page: 'credential-unavailable', owner: 'reference-keychain-failed' }

/** @param account of the entry. `cache: 0`: it is asked at every call. */
function livesIn(account: string): void {
  const entry = { service: 'My API', account, seconds: 120, cache: 0 }
  world.livesAt(`keychain:${JSON.stringify(entry)}`)
}

describe.skipIf(!hasKeychain())('a key in the keychain', () => {
  let session: KeychainSession
  beforeEach(async () => {
    session = await KeychainSession.start(world.root)
  })
  afterEach(() => session.end())

  test('is fetched from it and sent; another one when it was replaced', async () => {
    session.put('My API', 'me', KEY)
    session.put('My API', 'somebody else', 'sk-of-somebody-else-0000')
    livesIn('me')
    await world.open(session.variables)
    expect(await world.call()).toBe('sent')
    session.put('My API', 'me', `${KEY}-2`)
    expect(await world.call()).toBe('sent')
    expect(world.arrived()).toEqual([`Bearer ${KEY}`, `Bearer ${KEY}-2`])
  })

  test('that is not there sends nothing and says so, until its owner puts it there', async () => {
    session.put('My API', 'somebody else', 'sk-of-somebody-else-0000')
    livesIn('me')
    await world.open(session.variables)
    expect(await world.call()).toEqual(FAILED)
    expect(world.arrived()).toEqual([])
    session.put('My API', 'me', KEY)
    // What failed is tried again a few seconds later only.
    await eventually(
      'the key is there',
      () => world.call(),
      (call) => call === 'sent',
    )
    expect(world.arrived()).toEqual([`Bearer ${KEY}`])
  })

  test('is not had, and nothing sent, once the keychain is locked', async () => {
    session.put('My API', 'me', KEY)
    livesIn('me')
    await world.open(session.variables)
    expect(await world.call()).toBe('sent')
    session.lock()
    expect(await world.call()).toEqual(FAILED)
    expect(world.arrived()).toEqual([`Bearer ${KEY}`])
  })

  test('is not had by a browser that is not on the bus of its session', async () => {
    session.put('My API', 'me', KEY)
    livesIn('me')
    await world.open({ ...session.variables, DBUS_SESSION_BUS_ADDRESS: `unix:path=${world.root}/none` })
    expect(await world.call()).toEqual(FAILED)
    expect(world.arrived()).toEqual([])
  })
})
