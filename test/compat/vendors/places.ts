import { PLACEHOLDER } from '../run-job.ts'

/** How a service is added by hand whose key stands behind `Bearer`; everything is allowed. */
export const BEARER = {
  add: ['--auth', 'bearer'],
  allow: ['--allow', '* /**'],
  format: (key: string) => `Bearer ${key}`,
} as const

/** The same for a key that stands in a header alone, or behind a word. @param format the header's value, with `{}` for the key. */
export function inHeader(header: string, format = '{}') {
  return {
    add: ['--auth', 'header', '--set', `header=${header}`, '--set', `format=${format}`],
    allow: ['--allow', '* /**'],
    at: { header },
    format: (key: string) => format.replace('{}', key),
  } as const
}

/** The same for a key in the query. */
export function inQuery(param: string) {
  return {
    add: ['--auth', 'query', '--set', `param=${param}`],
    allow: ['--allow', '* /**'],
    at: { query: param },
    format: (key: string) => key,
  } as const
}

/** A service and a capability of the catalogue. @param values what the capability asks for: `base=app…`. */
export function fromPreset(preset: string, capability: string, ...values: string[]) {
  return {
    add: ['--preset', preset],
    allow: ['--from-preset', capability, ...values.flatMap((value) => ['--set', value])],
  } as const
}

/** The same for a password of HTTP Basic (RFC 7617), and the name that goes with it. */
export function withPassword(username: string) {
  return {
    add: ['--auth', 'basic', '--set', `username=${username}`],
    allow: ['--allow', '* /**'],
    format: (key: string) => `Basic ${Buffer.from(`${username}:${key}`).toString('base64')}`,
  } as const
}

/** The same for a key in the path, before what is asked for. @param template of the path before it: `/v3/{}`. */
export function inPath(template: string) {
  return {
    add: ['--auth', 'path', '--set', `template=${template}`, '--placeholder', PLACEHOLDER],
    allow: ['--allow', '* /**'],
    at: { path: template },
    format: (key: string) => template.replace('{}', key),
  } as const
}
