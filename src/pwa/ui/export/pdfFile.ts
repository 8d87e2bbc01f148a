/** A PDF 1.7 file: pages of text and JPEG pictures, and files that go with it. Lengths in points, from the lower left corner. Pure. */
import { hexOf } from "./pdfText.js"

export const pageWidth = 595
export const pageHeight = 842

export type Mark =
  | { readonly kind: "text"; readonly x: number; readonly y: number; readonly size: number; readonly isBold: boolean; readonly text: string }
  | { readonly kind: "line"; readonly x: number; readonly y: number; readonly width: number }
  | { readonly kind: "picture"; readonly x: number; readonly y: number; readonly width: number; readonly height: number; readonly picture: Picture }

/** A JPEG and its size in pixels. */
export type Picture = { readonly bytes: Uint8Array; readonly width: number; readonly height: number }
export type Attachment = { readonly name: string; readonly mediaType: string; readonly bytes: Uint8Array }
export type Pages = { readonly title: string; readonly language: string; readonly pages: readonly (readonly Mark[])[]; readonly attachments: readonly Attachment[] }

type Part = string | Uint8Array
const encoder = new TextEncoder()

export function writePdf({ title, language, pages, attachments }: Pages): Uint8Array<ArrayBuffer> {
  const objects: Part[][] = []
  const add = (...parts: Part[]): string => {
    objects.push(parts)
    return `${objects.length} 0 R`
  }
  const stream = (dictionary: string, bytes: Uint8Array): string => add(`<< ${dictionary} /Length ${bytes.length} >>\nstream\n`, bytes, "\nendstream")
  // Their places are known before they are written.
  const [catalog, tree] = [add(), add()]
  const fonts = ["Helvetica", "Helvetica-Bold"].map((name) => add(`<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`))
  const pictures = new Map<Picture, string>()
  const pictureOf = (picture: Picture): string => {
    const known = pictures.get(picture)
    if (known !== undefined) return known
    const dictionary = `/Type /XObject /Subtype /Image /Width ${picture.width} /Height ${picture.height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode`
    const made = stream(dictionary, picture.bytes)
    pictures.set(picture, made)
    return made
  }
  const kids = pages.map((marks) => {
    const shown = marks.flatMap((mark) => (mark.kind === "picture" ? [pictureOf(mark.picture)] : []))
    const names = shown.map((reference, index) => `/P${index} ${reference}`).join(" ")
    const content = stream("", encoder.encode(drawn(marks)))
    return add(
      `<< /Type /Page /Parent ${tree} /MediaBox [0 0 ${pageWidth} ${pageHeight}] /Contents ${content} ` +
        `/Resources << /Font << /F0 ${fonts[0] ?? ""} /F1 ${fonts[1] ?? ""} >> /XObject << ${names} >> >> >>`,
    )
  })
  const files = attachments.map(({ name, mediaType, bytes }) => {
    const file = stream(`/Type /EmbeddedFile /Subtype /${mediaType.replace("/", "#2F")}`, bytes)
    return `${hexOf(name)} ${add(`<< /Type /Filespec /F ${hexOf(name)} /UF ${hexOf(name)} /EF << /F ${file} >> >>`)}`
  })
  objects[0] = [`<< /Type /Catalog /Pages ${tree} /Lang ${hexOf(language)} /Names << /EmbeddedFiles << /Names [${files.join(" ")}] >> >> >>`]
  objects[1] = [`<< /Type /Pages /Count ${kids.length} /Kids [${kids.join(" ")}] >>`]
  return joined(objects, `/Root ${catalog} /Info ${add(`<< /Title ${hexOf(title)} /Producer ${hexOf("Lien")} >>`)}`)
}

function drawn(marks: readonly Mark[]): string {
  let pictures = 0
  return marks
    .map((mark) => {
      switch (mark.kind) {
        case "text":
          return `BT /F${mark.isBold ? 1 : 0} ${mark.size} Tf ${mark.x.toFixed(1)} ${mark.y.toFixed(1)} Td ${hexOf(mark.text)} Tj ET`
        case "line":
          return `0.5 w ${mark.x.toFixed(1)} ${mark.y.toFixed(1)} m ${(mark.x + mark.width).toFixed(1)} ${mark.y.toFixed(1)} l S`
        case "picture":
          return `q ${mark.width.toFixed(1)} 0 0 ${mark.height.toFixed(1)} ${mark.x.toFixed(1)} ${mark.y.toFixed(1)} cm /P${pictures++} Do Q`
      }
    })
    .join("\n")
}

function joined(objects: readonly (readonly Part[])[], trailer: string): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = []
  let length = 0
  const put = (part: Part): void => {
    const bytes = typeof part === "string" ? encoder.encode(part) : part
    parts.push(bytes)
    length += bytes.length
  }
  put("%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n")
  const places = objects.map((object, index) => {
    const place = length
    put(`${index + 1} 0 obj\n`)
    object.forEach(put)
    put("\nendobj\n")
    return place
  })
  const start = length
  put(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("")}`)
  put(`trailer\n<< /Size ${objects.length + 1} ${trailer} >>\nstartxref\n${start}\n%%EOF\n`)
  const all = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
