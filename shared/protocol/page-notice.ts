/**
 * What the owner is to know of a page that works without Valet Key in part. Claimed by the page's script or seen by the
 * isolated one: it is shown to the owner for that page, and nothing is decided by it. No imports: both scripts bundle this file.
 *
 * `worker`: a worker of the page runs without our script. `captured`: the page keeps a function it took before our script
 * came, and called an API with it. `socket`: it opened a WebSocket to an API, which no key can be put into.
 */
export const PAGE_NOTICES = ['worker', 'captured', 'socket'] as const
export type PageNotice = (typeof PAGE_NOTICES)[number]

/** Page → content → background, each at most once for a document. */
export interface NoticeFrame {
  type: 'notice'
  notice: PageNotice
}

/** A value that came on a wire, if it is such a frame and nothing more. */
export function readNotice(value: unknown): PageNotice | null {
  const frame = value as Partial<NoticeFrame> | null | undefined
  if (frame?.type !== 'notice' || Object.keys(frame).length !== 2) return null
  return PAGE_NOTICES.find((known) => known === frame.notice) ?? null
}
