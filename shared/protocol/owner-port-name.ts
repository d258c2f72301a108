/**
 * Name of the `runtime.Port` between an extension page (popup, approval window, control room) and background/; what goes over
 * it says `owner-port.ts`. By itself, because a page that names the port has no use for the schemas.
 */
export const OWNER_PORT = 'owner'
