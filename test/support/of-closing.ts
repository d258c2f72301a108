/** Whether a driver's error says that the page it drove is gone, or was before it was there. */
export const isOfClosing = (error: unknown): boolean =>
  error instanceof Error &&
  (/closed|detached|destroyed|no such frame|too early/i.test(error.message) || isOfClosing(error.cause))

/**
 * Wait for a press that may close its window. A window that goes by the press is often gone before the driver has its word that
 * the button or the key came up again, and then there is none: what the press did is to be looked for elsewhere.
 *
 * @throws every error but that the page is gone.
 */
export async function mayClose(press: Promise<void>): Promise<void> {
  await press.catch((error: unknown) => {
    if (!isOfClosing(error)) throw error
  })
}
