/*
 * What is looked at on a staged timeline. Runs inside the page: it takes and returns plain values and uses nothing of this file.
 */

/** Marks of the legend whose colour is hardly to be found in the plot, with how many dots of it are. Empty: all are as they should be. */
export function strangeMarks(): string[] {
  const canvas = document.querySelector<HTMLCanvasElement>('.timeline canvas')
  const context = canvas?.getContext('2d')
  if (!canvas || !context) return ['no plot']
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
  const counts = new Map<string, number>()
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] !== 255) continue
    const color = `rgb(${data[at]}, ${data[at + 1]}, ${data[at + 2]})`
    counts.set(color, (counts.get(color) ?? 0) + 1)
  }
  return [...document.querySelectorAll('.timeline-mark')].flatMap((mark) => {
    const { color } = getComputedStyle(mark)
    const dots = counts.get(color) ?? 0
    return dots < 20 ? [`${mark.className}: ${dots} of ${color}`] : []
  })
}
