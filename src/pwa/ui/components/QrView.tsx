import { useEffect, useRef } from "preact/hooks"
import { encode } from "uqr"

const MODULE = 8
const QUIET = 4

/** A QR code on a canvas: no image leaves or enters the page. Always dark on white, which cameras expect. */
export function QrView({ text, label }: { readonly text: string; readonly label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext("2d")
    if (element == null || context == null) return
    const { data, size } = encode(text, { border: QUIET, ecc: "M" })
    element.width = element.height = size * MODULE
    context.fillStyle = "#ffffff"
    context.fillRect(0, 0, element.width, element.height)
    context.fillStyle = "#000000"
    for (const [y, row] of data.entries()) {
      for (const [x, isDark] of row.entries()) {
        if (isDark) context.fillRect(x * MODULE, y * MODULE, MODULE, MODULE)
      }
    }
  }, [text])
  return <canvas ref={canvas} class="qr" role="img" aria-label={label} />
}
