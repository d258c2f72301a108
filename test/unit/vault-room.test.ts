import { expect, test } from 'vitest'
import { isRemovable, slotWords } from '../../extension/control/slot-words.ts'
import { asTyped, hostCommand } from '../../extension/ui/host-command.ts'
import type { SlotSummary } from '../../shared/protocol/vault-commands.ts'

const slot = (kind: SlotSummary['kind'], id: string = kind): SlotSummary => ({ id, kind, createdAt: 1 })

test('the last way in beside recovery codes is not offered for removal', () => {
  const [passphrase, recovery, damaged] = [slot('passphrase'), slot('recovery'), slot('damaged')]
  const alone = [passphrase, recovery, slot('recovery', 'second'), damaged]
  expect(isRemovable(passphrase, alone)).toBe(false)
  expect(isRemovable(recovery, alone)).toBe(true)
  expect(isRemovable(damaged, alone)).toBe(true)
  expect(isRemovable(passphrase, [...alone, slot('keychain')])).toBe(true)
})

test('a kind of a later host is called what it is to this one: nothing it can speak for', () => {
  for (const kind of ['passkey', 'constructor', 'toString']) expect(slotWords(kind).name).toBe('slotDamaged')
})

test('a mend is shown as it is typed in the folder of Valet Key', () => {
  expect(asTyped('valetkey install --browser chrome', 'other')).toBe(
    './dist/valetkey install --browser chrome',
  )
  expect(asTyped('valetkey init', 'windows')).toBe('dist\\valetkey.cmd init')
  expect(asTyped('mv /a/valetkey /b && valetkey init', 'other')).toBe(
    'mv /a/valetkey /b && ./dist/valetkey init',
  )
  expect(asTyped('chmod 700 /home/me/valetkey ', 'other')).toBe('chmod 700 /home/me/valetkey ')
  expect(hostCommand('add-keychain', 'other', '')).toBe('./dist/valetkey slot add --keychain')
  expect(hostCommand('backup', 'windows', '')).toBe('dist\\valetkey.cmd backup valetkey-backup')
})
