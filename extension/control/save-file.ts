/** How long the browser may take to begin with a download before its file is let go of, in milliseconds. */
const KEPT_MS = 60_000

/** Have the browser save a file under a name, where it saves downloads. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS)
}
