import { useEffect, useRef, useState } from "preact/hooks"
import { words } from "../i18n/language.js"
import { NoticeView } from "./NoticeView.js"

const LOOK_EVERY_MS = 200
const WIDTH_PX = 640

/** The camera, until it has read a QR code. What is not one of ours is for `onText` to say. Nothing is kept or sent. */
export function ScanView({ onText }: { readonly onText: (text: string) => void }) {
  const { scan } = words()
  const video = useRef<HTMLVideoElement>(null)
  const [hasFailed, setFailed] = useState(false)
  useEffect(() => {
    let stream: MediaStream | null = null
    let timer: ReturnType<typeof setInterval> | undefined
    let isLeft = false
    const begin = async () => {
      const [{ default: read }, opened] = await Promise.all([
        import("jsqr"),
        navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: WIDTH_PX } }, audio: false }),
      ])
      stream = opened
      const shown = video.current
      if (isLeft || shown === null) {
        stop(opened)
        return
      }
      shown.srcObject = opened
      await shown.play()
      const canvas = document.createElement("canvas")
      const context = canvas.getContext("2d", { willReadFrequently: true })
      timer = setInterval(() => {
        if (context === null || shown.videoWidth === 0) return
        canvas.width = WIDTH_PX
        canvas.height = Math.round((shown.videoHeight * WIDTH_PX) / shown.videoWidth)
        context.drawImage(shown, 0, 0, canvas.width, canvas.height)
        const image = context.getImageData(0, 0, canvas.width, canvas.height)
        const found = read(image.data, image.width, image.height)
        if (found === null || found.data === "") return
        clearInterval(timer)
        onText(found.data)
      }, LOOK_EVERY_MS)
    }
    begin().catch(() => setFailed(true))
    return () => {
      isLeft = true
      clearInterval(timer)
      if (stream !== null) stop(stream)
    }
  }, [])
  if (hasFailed) return <NoticeView tone="attention" text={scan.noCamera} />
  return <video ref={video} class="scan" aria-label={scan.label} muted playsInline />
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}
