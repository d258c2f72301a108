/**
 * Frames of calls that the host has for one site at one moment go as one message, `{type: 'several', frames: […]}`: what a message
 * costs is waking the browser's processes one after another, and a small answer is three frames.
 *
 * @param message as it came over the native wire.
 * @returns the frames in it, in their order and unread; the message itself where it is none of several.
 */
export function framesIn(message: unknown): readonly unknown[] {
  const { type, frames } = (message ?? {}) as { type?: unknown; frames?: unknown }
  return type === 'several' && Array.isArray(frames) ? frames : [message]
}
