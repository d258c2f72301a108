import type { BodyRule } from '../../shared/model/capability.ts'
import { t } from './strings.ts'

/** What conditions on bodies say, one sentence each. Names and values are the owner's own and stand as they are. */
export function conditionWords(rules: readonly BodyRule[]): string[] {
  return rules.map(wordsOf)
}

function wordsOf(rule: BodyRule): string {
  switch (rule.op) {
    case 'in':
      return t('conditionIn', rule.pointer, rule.values.join(', '))
    case '<=':
      return t(
        rule.orAbsent === true ? 'conditionAtMostOrAbsent' : 'conditionAtMost',
        rule.pointer,
        rule.limit,
      )
    case 'absent':
      return t('conditionAbsent', rule.pointer)
    case 'present':
      return t('conditionPresent', rule.pointer)
    case 'fields':
      return t('conditionFields', rule.only.join(', '))
    case 'graphql':
      return graphqlWords(rule)
  }
}

function graphqlWords({ kind, fields, names }: Extract<BodyRule, { op: 'graphql' }>): string {
  const subject = t(
    kind === 'query' ? 'graphqlQueries' : kind === 'mutation' ? 'graphqlMutations' : 'graphqlSubscriptions',
  )
  const named = names === null ? subject : t('conditionGraphqlNamed', subject, names.join(', '))
  return fields === null ? t('conditionGraphqlAny', named) : t('conditionGraphql', named, fields.join(', '))
}
