import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteNeedles } from '../support/byte-needles.ts'
import { makeCanary, searchFor } from '../support/canary.ts'
import { searchFiles } from '../support/canary-files.ts'
import { formsOf } from '../support/canary-forms.ts'
import { familyOf, searchMemory, searchProcessArguments } from '../support/canary-processes.ts'

const canary = makeCanary('planted', 'sk-proj-')
const other = makeCanary('elsewhere', 'sk-proj-')

test('a key planted in any form, between other bytes, is found by the name of that form', () => {
  for (const form of formsOf(canary.key)) {
    const bytes = Buffer.concat([Buffer.from('{"a":"'), form.bytes, Buffer.from('"}')])
    expect(searchFor([canary], bytes, 'here').map((finding) => finding.form)).toContain(form.name)
  }
})

test('base64 of a longer text is found wherever the key stands in it', () => {
  for (let before = 0; before < 7; before++) {
    for (let after = 0; after < 4; after++) {
      const text = `${'x'.repeat(before)}${canary.key}${'y'.repeat(after)}`
      for (const encoding of ['base64', 'base64url'] as const) {
        const found = searchFor([canary], Buffer.from(text).toString(encoding), 'here')
        expect(
          found.some((finding) => finding.form.startsWith('base64')),
          text,
        ).toBe(true)
      }
    }
  }
})

test('bytes without the key, or with another key, give no finding', () => {
  expect(searchFor([canary], 'nothing to see', 'here')).toEqual([])
  expect(searchFor([canary], other.key, 'here').filter((finding) => finding.form === 'plain')).toEqual([])
})

test('many are sought at once, and found wherever each one alone is', () => {
  // Two letters, so that needles overlap, begin alike and stand in each other.
  const letters = (minLength: number, maxLength: number) =>
    fc.array(fc.constantFrom(0x61, 0x62), { minLength, maxLength }).map((codes) => Buffer.from(codes))
  let [found, missed] = [0, 0]
  fc.assert(
    fc.property(fc.array(letters(2, 7), { minLength: 1, maxLength: 6 }), letters(0, 40), (needles, bytes) => {
      const alone = needles.flatMap((needle, index) => (bytes.includes(needle) ? [index] : []))
      found += alone.length
      missed += needles.length - alone.length
      expect([...new ByteNeedles(needles).in(bytes)].sort((a, b) => a - b)).toEqual(alone)
    }),
    { numRuns: 5000 },
  )
  expect(Math.min(found, missed)).toBeGreaterThan(1000)
  expect(() => new ByteNeedles([Buffer.from('a')])).toThrow('two bytes')
})

test('several keys are found together, each by its own name', () => {
  const bytes = Buffer.from(`${other.key} and ${canary.key}`)
  const plain = searchFor([canary, other], bytes, 'here').filter(({ form }) => form === 'plain')
  expect(plain.map((finding) => finding.canary)).toEqual(['planted', 'elsewhere'])
  expect(searchFor([], bytes, 'here')).toEqual([])
})

test('a key in a file is found, across the border of two pieces too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'canary-'))
  try {
    const border = Buffer.alloc(9 * 1024 * 1024, 'z')
    border.write(canary.key, 8 * 1024 * 1024 - 10)
    await writeFile(join(folder, 'large.bin'), border)
    await writeFile(join(folder, 'clean.txt'), 'clean')
    const search = await searchFiles(folder, [canary])
    expect(search.findings.map((finding) => [finding.form, finding.place])).toContainEqual([
      'plain',
      join(folder, 'large.bin'),
    ])
    expect(search).toMatchObject({ files: 2, bytes: border.length + 5 })
    expect(
      (await searchFiles(folder, [other])).findings.filter((finding) => finding.form === 'plain'),
    ).toEqual([])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test.runIf(process.platform === 'linux')(
  'a key in an argument, in the environment or in the memory of a child is found',
  async () => {
    const script =
      'const held = Buffer.from(process.env.HALVES.split("|").join("")); process.stdout.write("up"); setInterval(() => held, 1000)'
    const inMemory = makeCanary('in memory')
    const inArgument = makeCanary('in an argument')
    const halves = `${inMemory.key.slice(0, 5)}|${inMemory.key.slice(5)}`
    const child = spawn(process.execPath, ['-e', script, inArgument.key], {
      env: { HALVES: halves, K: canary.key },
    })
    try {
      await new Promise((resolve) => child.stdout.once('data', resolve))
      const family = await familyOf(process.pid)
      expect(family).toContain(child.pid)
      const pid = [child.pid ?? 0]
      const named = (await searchProcessArguments(pid, [canary, inArgument])).findings
      expect(named.some((finding) => finding.canary === 'in an argument')).toBe(true)
      expect(named.some((finding) => finding.canary === 'planted')).toBe(true)
      const memory = await searchMemory(pid, [inMemory])
      expect(memory.bytes).toBeGreaterThan(0)
      expect(memory.findings.map((finding) => finding.form)).toContain('first half')
    } finally {
      child.kill('SIGKILL')
    }
  },
)
