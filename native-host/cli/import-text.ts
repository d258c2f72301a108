import type { ImportPlan, Remark } from '../import/import-plan.ts'

/** A plan as `import --json` answers it: of secrets the names. */
export function planValue({ format, services, capabilities, leftOut, remarks }: ImportPlan) {
  return {
    format,
    services: services.map(({ service, secrets }) => ({
      id: service.id,
      label: service.label,
      preset: service.preset,
      baseUrls: service.baseUrls,
      auth: [...new Set(service.auth.map(({ auth }) => auth.kind))],
      secrets: [...secrets.keys()],
    })),
    capabilities: capabilities.map(({ id, service, label, rules, limits }) => ({
      id,
      service,
      label,
      rules: rules.map(({ effect, pattern }) => `${effect} ${pattern}`),
      ttl: limits.ttl,
    })),
    leftOut,
    remarks,
  }
}

/** The same for a person. @param existing ids that the vault has already. */
export function planText(plan: ImportPlan, existing: readonly string[]): string {
  const value = planValue(plan)
  const lines = [
    ...value.services.map(({ id, baseUrls }) => `service ${id} (${baseUrls.join(', ')})`),
    ...value.capabilities.flatMap(({ id, service, rules }) => [
      `capability ${id} for ${service}`,
      ...(rules.length === 0 ? ['  allows nothing yet'] : rules.map((rule) => `  ${rule}`)),
    ]),
    ...section('Note:', value.remarks),
    ...section('Not taken:', value.leftOut),
  ]
  if (existing.length > 0)
    lines.push(`There already, replaced only with \`--replace\`: ${existing.join(', ')}`)
  return lines.join('\n')
}

function section(title: string, remarks: readonly Remark[]): string[] {
  return remarks.length === 0 ? [] : [title, ...remarks.map(({ about, text }) => `  ${about}: ${text}`)]
}
