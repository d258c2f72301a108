import type { ServiceTestResult } from '../../shared/protocol/service-commands.ts'
import type { References } from '../references/references.ts'
import type { Upstream } from '../upstream/send.ts'
import { localWarnings } from './check-local-server.ts'
import type { OwnerContext } from './context.ts'
import { requireService } from './require.ts'
import { testService } from './test-service.ts'

/**
 * Test a service, and where it is a local one say who else reaches it.
 *
 * @throws Refusal as `testService`.
 */
export async function testAndWarn(
  context: OwnerContext,
  id: string,
  upstream: Upstream,
  references: References,
): Promise<ServiceTestResult> {
  const result = await testService(context, id, upstream, references)
  const warnings = localWarnings(requireService(context, id))
  return warnings.length === 0 ? result : { ...result, warnings }
}
