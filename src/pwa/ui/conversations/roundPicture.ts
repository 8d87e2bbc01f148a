/** A part of a photograph, square, small enough to be said with a group's settings; it is shown round. */

const side = 192
const mostBytes = 16_384
const qualities = [0.85, 0.7, 0.55, 0.4, 0.25] as const

/** Zoom from 1; the middle of the part, from 0 to 1 of what can be moved. */
export type Part = { readonly zoom: number; readonly x: number; readonly y: number }

/** In pixels of the picture. */
export function areaOf({ zoom, x, y }: Part, width: number, height: number): { readonly x: number; readonly y: number; readonly side: number } {
  const length = Math.min(width, height) / zoom
  return { x: (width - length) * x, y: (height - length) * y, side: length }
}

export function drawPart(canvas: HTMLCanvasElement, picture: HTMLCanvasElement, part: Part): void {
  canvas.width = canvas.height = side
  const area = areaOf(part, picture.width, picture.height)
  const context = canvas.getContext("2d")
  if (context === null) return
  context.imageSmoothingQuality = "high"
  context.drawImage(picture, area.x, area.y, area.side, area.side, 0, 0, side, side)
}

/** As a JPEG. Fails with `too_large` where none of its qualities is small enough. */
export async function encodePart(canvas: HTMLCanvasElement): Promise<ArrayBuffer> {
  for (const quality of qualities) {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", quality))
    if (blob !== null && blob.size <= mostBytes) return blob.arrayBuffer()
  }
  throw new DOMException("", "NotSupportedError")
}
