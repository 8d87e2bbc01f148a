import { useEffect, useRef } from "preact/hooks"

const MODULE_PX = 8
const QUIET_MODULES = 4

/** A QR code, dark on white in every theme: cameras expect it. Drawn, so that no markup is made of a text. */
export function QrView({ text, label }: { readonly text: string; readonly label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    let isLeft = false
    const draw = async () => {
      const { encode } = await import("uqr")
      const target = canvas.current
      const context = target?.getContext("2d") ?? null
      if (isLeft || target === null || context === null) return
      const { data, size } = encode(text, { ecc: "M", border: QUIET_MODULES })
      target.width = target.height = size * MODULE_PX
      context.fillStyle = "#ffffff"
      context.fillRect(0, 0, target.width, target.height)
      context.fillStyle = "#000000"
      data.forEach((row, y) => {
        row.forEach((isDark, x) => {
          if (isDark) context.fillRect(x * MODULE_PX, y * MODULE_PX, MODULE_PX, MODULE_PX)
        })
      })
    }
    void draw()
    return () => {
      isLeft = true
    }
  }, [text])
  return <canvas ref={canvas} class="qr" role="img" aria-label={label} width={8} height={8} />
}
