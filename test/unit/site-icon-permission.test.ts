import { beforeEach, expect, test, vi } from 'vitest'

/** Only what asks for the permission: what is drawn with it is shown in real browsers by `test/e2e/site-icons.test.ts`. */
const permissions = { request: vi.fn(), remove: vi.fn(), contains: vi.fn() }
const manifest: { optional_permissions?: string[] } = {}
vi.mock('webextension-polyfill', () => ({
  default: { permissions, runtime: { getManifest: () => manifest } },
}))
const { askForSiteIcons, giveBackSiteIcons, maySeeSiteIcons } = await import(
  '../../extension/ui/site-icon-permission.ts'
)

beforeEach(() => {
  for (const each of Object.values(permissions)) each.mockReset()
  manifest.optional_permissions = ['favicon']
})

test('icons are seen only where the owner said yes to the browser', async () => {
  permissions.request.mockResolvedValueOnce(false).mockResolvedValueOnce(true)
  permissions.contains.mockResolvedValueOnce(false).mockResolvedValueOnce(true)
  expect([await askForSiteIcons(), await maySeeSiteIcons()]).toEqual([false, false])
  expect([await askForSiteIcons(), await maySeeSiteIcons()]).toEqual([true, true])
  expect(permissions.request).toHaveBeenCalledWith({ permissions: ['favicon'] })
})

test('a permission that the browser does not take back is no failure', async () => {
  permissions.remove.mockRejectedValueOnce(new Error('no'))
  await expect(giveBackSiteIcons()).resolves.toBeUndefined()
  expect(permissions.remove).toHaveBeenCalledWith({ permissions: ['favicon'] })
})

test.each([[undefined], [[]]])(
  'nothing is asked where the manifest names no such permission: %j',
  async (named) => {
    if (named === undefined) delete manifest.optional_permissions
    else manifest.optional_permissions = named
    expect([await askForSiteIcons(), await maySeeSiteIcons()]).toEqual([true, true])
    await giveBackSiteIcons()
    for (const each of Object.values(permissions)) expect(each).not.toHaveBeenCalled()
  },
)
