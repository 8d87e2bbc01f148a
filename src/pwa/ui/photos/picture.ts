/**
 * A photograph on a canvas: turned, cut, blurred, marked, and written anew. What is written holds pixels only: no
 * place, no instant, no name of a camera.
 */

/** On a phone's screen more is not seen, and it costs the network. */
const longestSide = 2048
const sentSide = 1600
const thumbnailSide = 320
const quality = 0.8
/** All of one message together hold 40,960 bytes. */
const thumbnailsBytes = 40_000
const thumbnailBytes = 24_000

export type Canvas = HTMLCanvasElement
export type Point = { readonly x: number; readonly y: number }
/** In pixels of the picture. */
export type Area = Point & { readonly width: number; readonly height: number }
export type Encoded = { readonly blob: Blob; readonly width: number; readonly height: number }

function blank(width: number, height: number): { readonly canvas: Canvas; readonly context: CanvasRenderingContext2D } {
  const canvas = document.createElement("canvas")
  canvas.width = Math.max(1, Math.round(width))
  canvas.height = Math.max(1, Math.round(height))
  const context = canvas.getContext("2d")
  if (context === null) throw new DOMException("", "NotSupportedError")
  return { canvas, context }
}

function scaled(source: CanvasImageSource, width: number, height: number, side: number): Canvas {
  const factor = Math.min(1, side / Math.max(width, height))
  const { canvas, context } = blank(width * factor, height * factor)
  context.imageSmoothingQuality = "high"
  context.drawImage(source, 0, 0, canvas.width, canvas.height)
  return canvas
}

/** What the camera sees now. */
export function shoot(video: HTMLVideoElement): Canvas {
  return scaled(video, video.videoWidth, video.videoHeight, longestSide)
}

/** A chosen file, upright. Fails for what is no picture. */
export async function readPicture(file: Blob): Promise<Canvas> {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" })
  try {
    return scaled(bitmap, bitmap.width, bitmap.height, longestSide)
  } finally {
    bitmap.close()
  }
}

/** A quarter to the right. */
export function turned(picture: Canvas): Canvas {
  const { canvas, context } = blank(picture.height, picture.width)
  context.translate(canvas.width, 0)
  context.rotate(Math.PI / 2)
  context.drawImage(picture, 0, 0)
  return canvas
}

export function cut(picture: Canvas, { x, y, width, height }: Area): Canvas {
  const { canvas, context } = blank(width, height)
  context.drawImage(picture, x, y, width, height, 0, 0, canvas.width, canvas.height)
  return canvas
}

export function copied(picture: Canvas): Canvas {
  const { canvas, context } = blank(picture.width, picture.height)
  context.drawImage(picture, 0, 0)
  return canvas
}

/** Blocks so large that nothing is left to be guessed under them. */
export const blockOf = (picture: Canvas): number => Math.max(16, Math.ceil(Math.max(picture.width, picture.height) / 28))

/** Replace an area by the mean colour of each block it touches; of the first picture, so that strokes do not mix. */
export function blur(picture: Canvas, area: Area, original: Canvas = picture): void {
  const context = picture.getContext("2d")
  if (context === null) return
  const block = blockOf(picture)
  const { canvas: tiny, context: small } = blank(1, 1)
  const right = Math.min(picture.width, area.x + area.width)
  const bottom = Math.min(picture.height, area.y + area.height)
  for (let x = Math.floor(Math.max(0, area.x) / block) * block; x < right; x += block) {
    for (let y = Math.floor(Math.max(0, area.y) / block) * block; y < bottom; y += block) {
      const [width, height] = [Math.min(block, picture.width - x), Math.min(block, picture.height - y)]
      small.imageSmoothingQuality = "high"
      small.drawImage(original, x, y, width, height, 0, 0, tiny.width, tiny.height)
      context.imageSmoothingEnabled = false
      context.drawImage(tiny, 0, 0, 1, 1, x, y, width, height)
    }
  }
}

/** An arrow that is seen on skin, on a dressing and in the dark. */
export function drawArrow(picture: Canvas, from: Point, to: Point): void {
  const context = picture.getContext("2d")
  if (context === null) return
  const width = Math.max(4, Math.max(picture.width, picture.height) / 110)
  const angle = Math.atan2(to.y - from.y, to.x - from.x)
  const head = width * 4
  const stroke = (colour: string, thickness: number): void => {
    context.strokeStyle = colour
    context.lineWidth = thickness
    context.lineCap = context.lineJoin = "round"
    context.beginPath()
    context.moveTo(from.x, from.y)
    context.lineTo(to.x, to.y)
    context.moveTo(to.x - head * Math.cos(angle - 0.5), to.y - head * Math.sin(angle - 0.5))
    context.lineTo(to.x, to.y)
    context.lineTo(to.x - head * Math.cos(angle + 0.5), to.y - head * Math.sin(angle + 0.5))
    context.stroke()
  }
  stroke("#ffffff", width * 2)
  stroke("#b3261e", width)
}

/** One of nine fields of a picture, from 0 (top left) to 8: for who does not drag. */
export function fieldOf(picture: Canvas, index: number): Area {
  const [width, height] = [picture.width / 3, picture.height / 3]
  return { x: (index % 3) * width, y: Math.floor(index / 3) * height, width, height }
}

const toBlob = (canvas: Canvas, type: string, at: number): Promise<Blob> =>
  new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new DOMException("", "EncodingError")) : resolve(blob)), type, at)
  })

/** A browser that cannot write WebP answers with a PNG: then a JPEG is asked for. */
async function written(canvas: Canvas, at: number): Promise<Blob> {
  const webp = await toBlob(canvas, "image/webp", at)
  return webp.type === "image/webp" ? webp : toBlob(canvas, "image/jpeg", at)
}

export async function encodePicture(picture: Canvas): Promise<Encoded> {
  const canvas = scaled(picture, picture.width, picture.height, sentSide)
  return { blob: await written(canvas, quality), width: canvas.width, height: canvas.height }
}

/** A small picture of few bytes, one of `count` in a message. */
export async function encodeThumbnail(picture: Canvas, count: number): Promise<Blob | null> {
  const most = Math.min(thumbnailBytes, Math.floor(thumbnailsBytes / count))
  for (const side of [thumbnailSide, 200, 120, 64]) {
    for (const at of [0.6, 0.3]) {
      const blob = await written(scaled(picture, picture.width, picture.height, side), at)
      if (blob.size <= most) return blob
    }
  }
  return null
}
