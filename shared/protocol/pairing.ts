/**
 * How the page's script (MAIN world) and the isolated script of one document meet: synchronously, through events both
 * worlds see. The names are public: the page's script is untrusted, so a page that plays one of the parts fools itself only.
 * No imports: both scripts bundle this file alone.
 */

/** On window, from a starting isolated script: whoever catches calls here, hand over a port. */
export const PAIR_EVENT = 'valetkey-pair'

/** On window, a `MessageEvent` with one port, from the page's script. The isolated script that takes it cancels it. */
export const PORT_EVENT = 'valetkey-port'

/** On window, from a starting page's script: cancelled by the one that is there already. */
export const PRESENT_EVENT = 'valetkey-present'

/** On the window of a frame, from the page's script of a document that was stopped: natively its frames are stopped with it. */
export const STOP_EVENT = 'valetkey-stop'

/** On the port that was handed over, dispatched by the page's script: cancelled while the extension can be reached. */
export const ALIVE_EVENT = 'valetkey-alive'

/**
 * On the same port, a `MessageEvent` whose data is the JSON text of a list of frames: from a document that may be gone before
 * a message would be delivered.
 */
export const FRAMES_EVENT = 'valetkey-frames'

/**
 * On the window of a parent of this document's own origin, a `MessageEvent` with the port that was handed over: from the isolated
 * script of a frame, which has no list of its own yet. The isolated script of the parent takes it.
 */
export const CHILD_EVENT = 'valetkey-child'

/**
 * On the port of such a frame, a `MessageEvent` whose data is the JSON text of a `catch` frame: what the parent knows to be
 * caught, before the first script of the frame runs.
 */
export const CATCH_EVENT = 'valetkey-catch'
