import { type MessageName, t } from '../ui/strings.ts'

/** Words for the reasons the host records (`native-host/policy/reason.ts`), as they follow a refused call. */
const WORDS: Record<string, MessageName> = {
  'rule-deny': 'reasonRuleDeny',
  'rule-ask': 'reasonRuleAsk',
  'no-rule': 'reasonNoRule',
  'no-service': 'reasonNoService',
  'no-session': 'reasonNoSession',
  'no-auth': 'reasonNoAuth',
  'other-service': 'reasonOtherService',
  'url-malformed': 'reasonUrlMalformed',
  'url-unsafe': 'reasonUrlUnsafe',
  'method-unknown': 'reasonMethodUnknown',
  'header-malformed': 'reasonHeaderMalformed',
  'too-many-headers': 'reasonTooManyHeaders',
  'always-denied': 'reasonAlwaysDenied',
  'credential-minting': 'reasonCredentialMinting',
  'query-not-listed': 'reasonQueryNotListed',
  'body-required': 'reasonBodyRequired',
  'body-malformed': 'reasonBodyMalformed',
  'body-rule': 'reasonBodyRule',
  'model-not-listed': 'reasonModelNotListed',
  'body-too-large': 'reasonBodyTooLarge',
  'session-ended': 'reasonSessionEnded',
  'approval-denied': 'reasonApprovalDenied',
  'approval-timeout': 'reasonApprovalTimeout',
  'approval-muted': 'reasonApprovalMuted',
  'approval-stale': 'reasonApprovalStale',
  'too-many-waiting': 'reasonTooManyWaiting',
  'rate-limited': 'reasonRateLimited',
  'concurrency-limited': 'reasonConcurrencyLimited',
  'budget-spent': 'reasonBudgetSpent',
  'vault-locked': 'reasonVaultLocked',
  'secret-missing': 'reasonSecretMissing',
  'graphql-address': 'reasonGraphqlAddress',
  'field-in-address': 'reasonFieldInAddress',
  'body-relabels': 'reasonBodyRelabels',
  'rule-malformed': 'reasonRuleMalformed',
  'audit-failed': 'reasonAuditFailed',
  'body-not-allowed': 'reasonBodyNotAllowed',
  'tokens-spent': 'reasonTokensSpent',
  'cost-spent': 'reasonCostSpent',
  'too-many-tokens': 'reasonTooManyTokens',
  'failover-not-granted': 'reasonFailoverNotGranted',
  'failover-body': 'reasonFailoverBody',
  'failover-model': 'reasonFailoverModel',
  'redirect-refused': 'reasonRedirectRefused',
  'header-not-listed': 'reasonHeaderNotListed',
}

/** Why a call was refused. A reason without words of its own, such as a later host's, is shown as it is recorded. */
export function reasonText(reason: string): string {
  const name = Object.hasOwn(WORDS, reason) ? WORDS[reason] : undefined
  return name === undefined ? reason : t(name)
}
