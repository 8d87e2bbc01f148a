/** Chosen messages on pages, in the words of the reader. Pure. */
import { pageHeight, pageWidth, type Mark, type Picture } from "./pdfFile.js"
import { writable, wrapped } from "./pdfText.js"

/** One message, in words: who with which profession, when, what was expected, what was said. */
export type Line = { readonly author: string; readonly profession: string; readonly at: string; readonly notes: readonly string[]; readonly text: string; readonly pictures: readonly Picture[] }
export type Sheet = { readonly title: string; readonly facts: readonly string[]; readonly lines: readonly Line[]; readonly pageOf: (page: number, pages: number) => string }

const margin = 56
const innerWidth = pageWidth - 2 * margin
const bottom = margin + 24
const pictureWidth = 240
const pictureHeight = 220

export function pagesOf({ title, facts, lines, pageOf }: Sheet): readonly (readonly Mark[])[] {
  const pages: Mark[][] = []
  let [marks, y]: [Mark[], number] = [[], 0]
  const room = (height: number): void => {
    if (pages.length > 0 && y - height >= bottom) return
    marks = []
    pages.push(marks)
    y = pageHeight - margin
  }
  const text = (value: string, size: number, isBold: boolean, after = 0): void => {
    for (const line of wrapped(value, size, isBold, innerWidth)) {
      room(size * 1.4)
      y -= size * 1.4
      marks.push({ kind: "text", x: margin, y, size, isBold, text: line })
    }
    y -= after
  }
  text(title, 18, true, 6)
  for (const fact of facts) text(fact, 9, false)
  y -= 8
  for (const { author, profession, at, notes, text: said, pictures } of lines) {
    room(64)
    y -= 8
    marks.push({ kind: "line", x: margin, y, width: innerWidth })
    y -= 4
    text(`${author}, ${profession}`, 10, true)
    text([at, ...notes].join(" · "), 8.5, false, 3)
    if (said !== "") text(said, 10.5, false, 4)
    for (const picture of pictures) {
      const factor = Math.min(pictureWidth / picture.width, pictureHeight / picture.height)
      const [width, height] = [picture.width * factor, picture.height * factor]
      room(height + 8)
      y -= height + 8
      marks.push({ kind: "picture", x: margin, y, width, height, picture })
    }
  }
  return pages.map((page, index) => [...page, { kind: "text", x: margin, y: margin - 12, size: 8, isBold: false, text: writable(pageOf(index + 1, pages.length)) }])
}
