import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import manifest from '../../manifest.json' with { type: 'json' }
import { PRESETS } from '../../shared/presets/catalogue.ts'

/** What the stores are told, held to what the extension asks for and does. */
const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

/** The longest summary the Chrome Web Store takes, in characters. */
const MAX_SUMMARY = 132

const LISTINGS = {
  en: { permissions: 'Permissions', summary: 'Summary', connect: 'connects to nothing' },
  de: { permissions: 'Berechtigungen', summary: 'Kurzbeschreibung', connect: 'verbindet sich mit nichts' },
}

/** Paragraphs below a heading of the second level. */
function section(text: string, heading: string): string {
  const [, after = ''] = text.split(`\n## ${heading}\n`)
  return (after.split('\n## ')[0] ?? '').trim()
}

describe.each(Object.entries(LISTINGS))('the store listing in %s', (language, names) => {
  const text = read(`extension/store/listing.${language}.md`)
  const privacy = read(`extension/store/privacy.${language}.md`)

  test('has a summary that the stores take', () => {
    const summary = section(text, names.summary)
    expect(summary).not.toBe('')
    expect(summary).not.toContain('\n')
    expect([...summary].length).toBeLessThanOrEqual(MAX_SUMMARY)
  })

  test('says of every permission what it is for, one by one, and names no other', () => {
    const lines = section(text, names.permissions).split('\n')
    const named = lines.flatMap((line) => /^- `(\w+)`: \S/.exec(line)?.[1] ?? [])
    expect(named).toEqual(manifest.permissions)
    const sites = lines.filter((line) => line.includes('://'))
    expect(sites).toHaveLength(1)
    for (const pattern of manifest.optional_host_permissions) expect(sites[0]).toContain(`\`${pattern}\``)
    const optional = lines.flatMap((line) => /^- [^`]+`(\w+)`, [^`]*Chromium/.exec(line)?.[1] ?? [])
    expect(optional).toEqual(manifest.optional_permissions)
    expect(lines).toHaveLength(manifest.permissions.length + optional.length + 1)
    expect(manifest).not.toHaveProperty('host_permissions')
    expect(manifest).not.toHaveProperty('content_scripts')
  })

  test('shows pictures that are there, the README’s own', () => {
    const pictures = [...text.matchAll(/\]\(\.\.\/([^)]+\.png)\)/g)].map(
      ([, path = '']) => `extension/${path}`,
    )
    const ofReadme = [...read('README.md').matchAll(/!\[[^\]]*\]\(([^)]+\.png)\)/g)].map(([, path]) => path)
    expect(pictures).toEqual(ofReadme)
    for (const picture of pictures) expect(read(picture)).not.toBe('')
  })

  test('counts the services there are', () => {
    expect(text).toContain(`- ${PRESETS.length} `)
  })

  test('has a privacy statement, which says of connections what the policy says', () => {
    expect(text).toContain(`(privacy.${language}.md)`)
    expect(privacy).toContain(names.connect)
    const policy = manifest.content_security_policy.extension_pages
    for (const directive of [
      "default-src 'self'",
      "script-src 'self'",
      "connect-src 'none'",
      "frame-src 'none'",
    ])
      expect(policy).toContain(`${directive};`)
    expect(manifest.browser_specific_settings.gecko.data_collection_permissions).toEqual({
      required: ['none'],
    })
  })
})

test('both languages say the same number of things', () => {
  const shape = (path: string) => read(path).match(/^(?:## |- )/gm)
  for (const page of ['listing', 'privacy'])
    expect(shape(`extension/store/${page}.de.md`)).toEqual(shape(`extension/store/${page}.en.md`))
})
