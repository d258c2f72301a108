/**
 * Why a call was decided as it was: the owner's truth, one closed set for policy, broker and audit. Append only, because
 * audit records keep these words. Each sentence is shown to the owner in the activity view and by `valetkey explain`.
 */
export const REASONS = {
  'rule-allow': 'A rule of the capability allows this call.',
  'rule-ask': 'A rule of the capability wants to be asked first.',
  'rule-deny': 'A rule of the capability denies this call.',
  'rule-malformed': 'A rule cannot be read, so nothing it might speak about is let through.',
  'no-rule': 'No rule of the capability allows this call.',
  'no-service': 'The address belongs to no service of this vault.',
  'no-session': 'The site has no live session for this service.',
  'no-auth': 'The service names no way to give its credential at this path.',
  'other-service': 'The address belongs to another service than the capability is for.',
  'url-malformed': 'The address is not a web address or is too long.',
  'url-unsafe': 'The address could be read in two ways.',
  'method-unknown': 'The method is not one of those that can be sent.',
  'header-malformed': 'A header has a name or a value that may not be sent.',
  'too-many-headers': 'The request has too many headers.',
  'always-denied': 'No capability may make this call: the service marks it as dangerous.',
  'credential-minting': 'The answer to this call is itself a credential, and no rule names the call exactly.',
  'query-not-listed': 'The address has a query parameter that the rule does not list.',
  'body-required': 'A condition on the body must be checked, and there is no body.',
  'body-malformed': 'A condition on the body must be checked, and the body cannot be read in one way only.',
  'body-rule': 'The body does not meet a condition of the capability.',
  'model-not-listed': 'The body names no model, or one that is not on the list of the capability.',
  'body-too-large': 'The body is larger than what may be sent or checked.',
  'session-ended': 'The session was revoked or has expired.',
  'approval-denied': 'The owner said no.',
  'approval-timeout': 'The owner did not answer in time, and silence is no.',
  'rate-limited': 'The capability has made its calls for this minute.',
  'concurrency-limited':
    'As many calls are in flight as the session, or all sessions of the capability together, may have.',
  'budget-spent': 'The session has used up its calls or bytes, or calls that still run hold the rest.',
  'vault-locked': 'The vault is locked.',
  'secret-missing': 'The service has no stored credential.',
  'audit-failed': 'The log could not be written, and nothing is sent without a record.',
  'redirect-refused': 'The service answered with a redirect that may not be followed.',
  'body-not-allowed': 'A GET or HEAD request carries no body: servers disagree about where it ends.',
  'graphql-address':
    'A condition on GraphQL must be checked, and the address has parameters that could carry an operation.',
  'body-relabels': 'The form has a field with which some servers replace the method.',
  'tokens-spent': 'The tokens of the capability are used up for now, or held by calls that still run.',
  'cost-spent': 'The money of the capability is used up for now, or held by calls that still run.',
  'too-many-tokens': 'The call asks for more tokens than one call of the capability may.',
  'approval-muted':
    'The owner said no to this site three times in a row, so it is not asked about for a minute.',
  'approval-stale': 'What the owner was asked about, or the rule that asked, has changed meanwhile.',
  'too-many-waiting': 'As many calls as may wait for the owner are waiting already.',
  'field-in-address':
    'A condition on the body names a field that the address has as a parameter, and some servers read both alike.',
  'failover-not-granted':
    'The service did not answer, and the site has no live session for the one that calls go to instead.',
  'failover-body':
    'The service did not answer, and only calls without a body or with JSON can go on elsewhere.',
  'failover-model': 'The service did not answer, and the model of the call has no name at the other one.',
  'token-refused': 'The token server gave no token and did not say why in words of the standard.',
  'token-invalid-client': 'The token server does not know the client, or its secret or signature is wrong.',
  'token-invalid-grant':
    'The token server does not take the refresh token or the assertion: it is wrong, expired, revoked or was used before.',
  'token-invalid-scope': 'The token server does not give the scope that the service asks for.',
  'token-not-for-client': 'The token server does not give this client tokens of this kind.',
  'token-invalid-request': 'The token server did not understand the request.',
  'token-limited': 'The token server has had too many requests.',
  'token-malformed': 'The token server answered with something that is no usable token.',
  'token-unreachable': 'The token server could not be reached, or has failed.',
  'token-timeout': 'The token server did not answer in time.',
  'header-not-listed':
    'The request has a header that changes what the service does, and the service does not list it as one that may pass.',
  'vault-paused': 'The owner has paused everything: no call of a site is sent until the owner resumes.',
  'certificate-expired': 'The client certificate of the service has expired, or is not valid yet.',
  'field-denied':
    'The call has a field that the service marks as dangerous, and no condition of the capability names that field.',
  'write-ask': 'A rule allows this call, and the owner wants to be asked before each change this site makes.',
} as const

/** One of the closed set of reasons. */
export type Reason = keyof typeof REASONS
