import { useEffect, useRef, useState } from "preact/hooks"
import { NoticeView } from "../components/NoticeView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import type { Pdf } from "./pdf.js"
import { ZoomView } from "./ZoomView.js"

type Props = { readonly bytes: Uint8Array<ArrayBuffer>; readonly title: string }

/** Every page one under the other; those near the screen are drawn. */
export function PdfView({ bytes, title }: Props) {
  const [pdf, setPdf] = useState<Pdf | null>(null)
  const [isBroken, setBroken] = useState(false)
  useEffect(() => {
    let isLeft = false
    let opened: Pdf | null = null
    import("./pdf.js")
      // The reader keeps the bytes it is given; a copy stays for a second opening.
      .then(({ openPdf }) => openPdf(bytes.slice()))
      .then((made) => {
        opened = made
        if (isLeft) made.close()
        else setPdf(made)
      })
      .catch(() => setBroken(true))
    return () => {
      isLeft = true
      opened?.close()
    }
  }, [bytes])
  if (isBroken) return <NoticeView tone="attention" text={explainCode("bad_document")} />
  if (pdf === null) return <PageSkeletonView />
  return (
    <ZoomView label={title}>
      {(width) => Array.from({ length: pdf.pages }, (_, index) => <PageView key={index} pdf={pdf} number={index + 1} width={width} />)}
    </ZoomView>
  )
}

export function PageSkeletonView() {
  return <div class="page page-waiting skeleton" role="status" aria-label={words().document.opening} />
}

function PageView({ pdf, number, width }: { readonly pdf: Pdf; readonly number: number; readonly width: number }) {
  const frame = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const [ratio, setRatio] = useState(1.414) // A4, until the page says
  const [isNear, setNear] = useState(number === 1)
  const [text, setText] = useState("")
  useEffect(() => {
    pdf.ratio(number).then(setRatio, () => undefined)
  }, [pdf])
  useEffect(() => {
    if (frame.current === null) return
    const observer = new IntersectionObserver(([entry]) => setNear(entry?.isIntersecting === true), { rootMargin: "100% 0px" })
    observer.observe(frame.current)
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    if (!isNear || canvas.current === null || width === 0) return
    pdf.draw(number, canvas.current, width).catch(() => undefined)
    if (text === "") pdf.text(number).then(setText, () => undefined)
  }, [pdf, isNear, width])
  const label = words().document.page(number, pdf.pages)
  return (
    <div ref={frame} class="page" role="group" aria-label={label} style={{ width: `${width}px`, height: `${Math.round(width * ratio)}px` }}>
      {isNear && <canvas ref={canvas} aria-hidden="true" />}
      <p class="visually-hidden">{text}</p>
    </div>
  )
}
