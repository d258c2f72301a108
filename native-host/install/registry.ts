import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { Refusal } from '../refusal.ts'

/** `reg.exe` by its own path: a program of that name elsewhere on the PATH must not be taken for it. */
function reg(args: readonly string[]): { ok: boolean; output: string } {
  const program = join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'reg.exe')
  const { status, stdout } = spawnSync(program, args, { windowsHide: true, encoding: 'utf8' })
  return { ok: status === 0, output: stdout ?? '' }
}

/** Set the default value of a key, making the key. @throws Refusal `invalid` where Windows refuses. */
export function setDefaultValue(key: string, value: string): void {
  if (!reg(['add', key, '/ve', '/t', 'REG_SZ', '/d', value, '/f']).ok) {
    throw new Refusal('invalid', `the registry key \`${key}\` could not be written`)
  }
}

/** Default value of a key, or null where there is none. */
export function defaultValue(key: string): string | null {
  const { ok, output } = reg(['query', key, '/ve'])
  return ok ? (/REG_SZ\s+(.+?)\r?$/m.exec(output)?.[1] ?? null) : null
}

/** Remove a key. @returns false where it was not there. */
export function removeKey(key: string): boolean {
  return reg(['delete', key, '/f']).ok
}
