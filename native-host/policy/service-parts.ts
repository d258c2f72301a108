import type { ServicePart } from '../../shared/model/preset-change.ts'
import type { DeniedFields, ServiceMade } from '../../shared/model/service.ts'

/** One thing that a preset says of a service. Values are JSON; that of an entry of a list is its own text. */
export interface PartValue {
  readonly part: ServicePart
  readonly name: string
  readonly value: unknown
}

/** Reads one kind of part, and writes one value of it: null takes it away. */
interface Reading {
  read(made: ServiceMade): readonly (readonly [name: string, value: unknown])[]
  write(made: ServiceMade, name: string, value: unknown): ServiceMade
}

/** All that is said in a service, one by one: each can be taken over by itself. */
export function partsOf(made: ServiceMade): PartValue[] {
  return Object.entries(READINGS).flatMap(([part, reading]) =>
    reading.read(made).map(([name, value]) => ({ part: part as ServicePart, name, value })),
  )
}

/** The same with one value otherwise; null: without it. */
export function withPart(made: ServiceMade, { part, name, value }: PartValue): ServiceMade {
  return READINGS[part].write(made, name, value)
}

type Lists = 'denyAlways' | 'credentialMinting' | 'allowHeaders' | 'baseUrls' | 'hazards'

function list(member: Lists): Reading {
  return {
    read: (made) => entries(made[member] ?? []),
    write: (made, name, value) => ({ ...made, [member]: changed(made[member] ?? [], name, value) }),
  }
}

function stripped(member: keyof ServiceMade['strip']): Reading {
  return {
    read: ({ strip }) => entries(strip[member] ?? []),
    write: (made, name, value) => ({
      ...made,
      strip: { ...made.strip, [member]: changed(made.strip[member] ?? [], name, value) },
    }),
  }
}

function entries(texts: readonly string[]): (readonly [string, string])[] {
  return [...new Set(texts)].map((text) => [text, text])
}

function changed(texts: readonly string[], name: string, value: unknown): string[] {
  const others = texts.filter((text) => text !== name)
  return value === null ? others : [...others, name]
}

function whole(member: 'auth' | 'queue' | 'modelLists' | 'placeholder' | 'label'): Reading {
  return {
    read: (made) => (made[member] === undefined ? [] : [['', made[member]]]),
    write: (made, _, value) => {
      const { [member]: __, ...others } = made
      return (value === null ? others : { ...others, [member]: value }) as ServiceMade
    },
  }
}

const SENT_HEADERS: Reading = {
  read: ({ requiredHeaders }) => Object.entries(requiredHeaders),
  write: (made, name, value) => {
    const { [name]: _, ...others } = made.requiredHeaders
    return { ...made, requiredHeaders: value === null ? others : { ...others, [name]: String(value) } }
  },
}

/** Each name with all paths it is denied on, sorted: how they stand together in entries means nothing. */
function deniedFields(nested: boolean): Reading {
  return {
    read: (made) => [...deniedPaths(made.denyFields ?? [], nested)],
    write: (made, name, value) => {
      const paths = deniedPaths(made.denyFields ?? [], nested)
      if (value === null) paths.delete(name)
      else paths.set(name, value as string[])
      const others = (made.denyFields ?? []).filter((each) => (each.nested === true) !== nested)
      return { ...made, denyFields: [...others, ...together(paths, nested)] }
    },
  }
}

function deniedPaths(all: readonly DeniedFields[], nested: boolean): Map<string, string[]> {
  const paths = new Map<string, string[]>()
  for (const each of all.filter((one) => (one.nested === true) === nested))
    for (const name of each.names)
      paths.set(name, [...new Set([...(paths.get(name) ?? []), ...each.paths])].sort())
  return paths
}

function together(paths: ReadonlyMap<string, string[]>, nested: boolean): DeniedFields[] {
  const byPaths = Map.groupBy(paths, ([, each]) => JSON.stringify(each))
  return [...byPaths.values()].map((alike) => ({
    paths: alike[0]?.[1] ?? [],
    names: alike.map(([name]) => name),
    ...(nested ? { nested: true as const } : {}),
  }))
}

const READINGS: Readonly<Record<ServicePart, Reading>> = {
  denied: list('denyAlways'),
  minting: list('credentialMinting'),
  'denied-field': deniedFields(false),
  'denied-field-below': deniedFields(true),
  'stripped-header': stripped('headers'),
  'stripped-query': stripped('query'),
  'stripped-json': stripped('jsonFields'),
  'stripped-form': stripped('formFields'),
  'allowed-header': list('allowHeaders'),
  'sent-header': SENT_HEADERS,
  'base-url': list('baseUrls'),
  auth: whole('auth'),
  queue: whole('queue'),
  'model-lists': whole('modelLists'),
  placeholder: whole('placeholder'),
  label: whole('label'),
  hazard: list('hazards'),
}
