import { describe, expect, test } from 'vitest'
import { readProbe } from '../../native-host/owner/read-probe.ts'
import { matches, parsePattern } from '../../native-host/policy/pattern.ts'
import { checkCapability, checkService } from '../../native-host/policy/validate.ts'
import type { Example } from '../../shared/model/preset-examples.ts'
import { PRESETS } from '../../shared/presets/catalogue.ts'
import {
  exampleCapabilityOf,
  exampleServiceOf,
  examplesOf,
  requestOf,
  sentFor,
  verdictOn,
} from '../support/preset-examples.ts'

/** At least so many examples of each kind for each capability. */
const FEWEST = { allow: 2, deny: 3 }

/** The target of an example, with one part replaced. */
function changed(example: Example, change: (url: string) => string): Example {
  const inLine = (line: string) => {
    const space = line.indexOf(' ')
    return `${line.slice(0, space + 1)}${change(line.slice(space + 1))}`
  }
  if (typeof example === 'string') return inLine(example)
  const [line, ...rest] = example
  return [inLine(line), ...rest] as Example
}

/** Ways to write a path that another server could read as a different one, or as one of another service. */
const DISGUISES: Record<string, (url: string) => string> = {
  'an encoded way up': (url) => url.replace(/\/([^/?]*)(\?|$)/, '/x/%2e%2e/$1$2'),
  'an encoded slash way up': (url) => url.replace(/\/([^/?]*)(\?|$)/, '/$1/..%2fadmin$2'),
  'an encoded backslash': (url) => url.replace(/(\?|$)/, '%5cadmin$1'),
  'a double slash': (url) => url.replace(/\/([^/?]*)(\?|$)/, '//$1$2'),
  'a path parameter': (url) => url.replace(/(\?|$)/, ';x=1$1'),
  'another host': (url) =>
    url.startsWith('/') ? `https://elsewhere.example${url}` : url.replace('://', '://x.'),
  'another port': (url) =>
    url.startsWith('/')
      ? `https://elsewhere.example:444${url}`
      : url.replace(/(:\/\/[^/:]+)(:\d+)?/, '$1:444'),
}

describe.each(PRESETS.map((preset) => [preset.id, preset] as const))(
  'the examples of preset %s',
  (_id, preset) => {
    const examples = examplesOf(preset.id)
    const service = exampleServiceOf(preset, examples)

    test('are for exactly its capabilities, enough of each kind', () => {
      expect(Object.keys(examples.capabilities)).toEqual(preset.capabilities.map(({ id }) => id))
      for (const { allow, deny } of Object.values(examples.capabilities)) {
        expect(allow.length).toBeGreaterThanOrEqual(FEWEST.allow)
        expect(Object.values(deny).flat().length).toBeGreaterThanOrEqual(FEWEST.deny)
      }
    })

    test('fit a service and capabilities that the host takes', () => {
      expect(() => checkService(service)).not.toThrow()
      for (const { id } of preset.capabilities) {
        const capability = exampleCapabilityOf(preset, id, service, examples)
        expect(() => checkCapability(capability, service)).not.toThrow()
      }
    })

    test.each(preset.capabilities.map(({ id }) => id))('%s is decided as they say', (id) => {
      const { allow = [], deny = {} } = examples.capabilities[id] ?? {}
      const capability = exampleCapabilityOf(preset, id, service, examples)
      const verdicts = (list: readonly Example[]) =>
        list.map((example) => [example, verdictOn(example, capability, service)])
      expect(verdicts(allow)).toEqual(allow.map((example) => [example, 'allow']))
      for (const [reason, list] of Object.entries(deny)) {
        expect(verdicts(list)).toEqual(list.map((example) => [example, reason]))
      }
    })

    test.each(preset.capabilities.map(({ id }) => id))(
      '%s: each rule that allows is shown by one of them',
      (id) => {
        const capability = exampleCapabilityOf(preset, id, service, examples)
        const sent = (examples.capabilities[id]?.allow ?? []).flatMap(
          (example) => sentFor(example, service) ?? [],
        )
        const unused = capability.rules.filter(({ effect, pattern }) => {
          const rule = parsePattern(pattern)
          return effect === 'allow' && !sent.some((one) => matches(rule, one.method, one.path, one.query))
        })
        expect(unused).toEqual([])
      },
    )

    test.each(preset.capabilities.map(({ id }) => id))(
      '%s: nothing that is allowed stays so in disguise',
      (id) => {
        const capability = exampleCapabilityOf(preset, id, service, examples)
        const through = (examples.capabilities[id]?.allow ?? []).flatMap((example) =>
          Object.entries(DISGUISES)
            .map(([name, change]) => [name, changed(example, change)] as const)
            .filter(([, one]) => verdictOn(one, capability, service) === 'allow'),
        )
        expect(through).toEqual([])
      },
    )

    test('never let the page’s own placeholder through', () => {
      const all = Object.values(examples.capabilities).flatMap(({ allow }) => allow)
      for (const example of all) {
        expect(requestOf(example, service).claimed.headers.flat()).toContain(`Bearer ${service.placeholder}`)
        expect(JSON.stringify(sentFor(example, service))).not.toContain(service.placeholder)
      }
    })

    test('no capability opens what the service denies to all, or what makes credentials', () => {
      for (const { id } of preset.capabilities) {
        const capability = exampleCapabilityOf(preset, id, service, examples)
        for (const pattern of [...service.denyAlways, ...service.credentialMinting]) {
          const [methods = '', path = ''] = pattern.split(' ')
          const method = methods === '*' ? 'POST' : (methods.split(',')[0] ?? '')
          const target = path.replace(/\?.*$/, '').replaceAll('**', 'a/b').replaceAll('*', 'a')
          const verdict = verdictOn(`${method} ${target}`, capability, service)
          expect([pattern, verdict]).not.toEqual([pattern, 'allow'])
        }
      }
    })
  },
)

describe.each(PRESETS.map((preset) => [preset.id, preset] as const))('the answers of %s', (_id, preset) => {
  const { answers } = examplesOf(preset.id)
  test.each(answers)('%i %s: %s', (status, body, outcome) => {
    expect(readProbe({ status, body }, preset.test, true).outcome).toBe(outcome)
  })

  test('show a key that is taken and one that is refused, and use all that the preset says of them', () => {
    const shown = answers.map(([, , outcome]) => outcome)
    expect(shown).toEqual(expect.arrayContaining(['accepted', 'key-refused', 'wrong-base-url']))
    for (const said of preset.test.answers ?? []) {
      const without = { ...preset.test, answers: (preset.test.answers ?? []).filter((one) => one !== said) }
      const read = (words: typeof preset.test) =>
        answers.map(([status, body]) => readProbe({ status, body }, words, true).outcome)
      expect([said, read(without)]).not.toEqual([said, read(preset.test)])
    }
  })
})
