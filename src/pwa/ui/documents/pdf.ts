/**
 * PDF pages on canvases, by pdf.js: a chunk of its own, fetched when the first PDF is opened.
 *
 * Nothing of a document runs: no script, no form of XFA, no file fetched by name. The parser is in a worker of its own,
 * which knows no key.
 */
import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy, type PDFPageProxy } from "pdfjs-dist"
import { startPdfWorker } from "../urls.js"

/** More pixels than this on one canvas is refused or slow on small phones. */
const mostPixels = 8_000_000

export type Pdf = {
  readonly pages: number
  /** Height of a page for a width of 1, before it is drawn. */
  ratio(page: number): Promise<number>
  /** Draws a page `width` CSS pixels wide. */
  draw(page: number, canvas: HTMLCanvasElement, width: number): Promise<void>
  /** The words of a page, for readers that do not see the canvas. */
  text(page: number): Promise<string>
  close(): void
}

/** Everything that a first page needs is here from now on, also without a network. */
export function prepare(): void {
  GlobalWorkerOptions.workerPort ??= startPdfWorker()
}

export async function openPdf(bytes: Uint8Array<ArrayBuffer>): Promise<Pdf> {
  prepare()
  const task = getDocument({ data: bytes, enableXfa: false, useWasm: false, useWorkerFetch: false, stopAtErrors: false, verbosity: 0 })
  const pdf: PDFDocumentProxy = await task.promise
  const drawing = new Map<HTMLCanvasElement, { cancel(): void }>()
  const pageOf = (page: number): Promise<PDFPageProxy> => pdf.getPage(page)
  return {
    pages: pdf.numPages,
    ratio: async (page) => {
      const { width, height } = (await pageOf(page)).getViewport({ scale: 1 })
      return height / width
    },
    draw: async (page, canvas, width) => {
      const proxy = await pageOf(page)
      const natural = proxy.getViewport({ scale: 1 })
      const wanted = (width / natural.width) * Math.min(globalThis.devicePixelRatio, 3)
      const scale = Math.min(wanted, Math.sqrt(mostPixels / (natural.width * natural.height)))
      const viewport = proxy.getViewport({ scale })
      drawing.get(canvas)?.cancel()
      canvas.width = Math.floor(viewport.width)
      canvas.height = Math.floor(viewport.height)
      const rendering = proxy.render({ canvas, viewport })
      drawing.set(canvas, rendering)
      await rendering.promise
      drawing.delete(canvas)
    },
    text: async (page) => {
      const { items } = await (await pageOf(page)).getTextContent()
      return items.map((item) => ("str" in item ? item.str + (item.hasEOL ? " " : "") : "")).join(" ")
    },
    close: () => void task.destroy(),
  }
}
