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
