import { useEffect, useRef, useState } from "preact/hooks"
import { IconView } from "../components/IconView.js"
import { words } from "../i18n/language.js"
import { shoot, type Canvas } from "./picture.js"

type Props = {
  readonly taken: number
  readonly onShot: (shot: Canvas) => void
  readonly onDone: () => void
  readonly onClose: () => void
  /** The phone's own chooser, where there is no camera or it is not allowed. */
  readonly onChoose: () => void
}

type Facing = "environment" | "user"

/** The camera inside the app: what it sees goes to a canvas and nowhere else. */
export function CameraView({ taken, onShot, onDone, onClose, onChoose }: Props) {
  const text = words().media
  const video = useRef<HTMLVideoElement>(null)
  const stream = useRef<MediaStream | null>(null)
  const [facing, setFacing] = useState<Facing>("environment")
  const [state, setState] = useState<"starting" | "ready" | "refused" | "missing">("starting")

  useEffect(() => {
    let isOver = false
    const stop = () => {
      for (const track of stream.current?.getTracks() ?? []) track.stop()
      stream.current = null
    }
    const start = async () => {
      try {
        const opened = await navigator.mediaDevices.getUserMedia({
          audio: false,
          video: { facingMode: facing, width: { ideal: 2048 }, height: { ideal: 1536 } },
        })
        stream.current = opened
        if (isOver) {
          stop()
          return
        }
        if (video.current === null) return
        video.current.srcObject = opened
        await video.current.play()
        setState("ready")
      } catch (error) {
        if (!isOver) setState(error instanceof DOMException && error.name === "NotAllowedError" ? "refused" : "missing")
      }
    }
    setState("starting")
    void start()
    return () => {
      isOver = true
      stop()
    }
  }, [facing])

  const isLost = state === "refused" || state === "missing"
  return (
    <div class="camera">
      <div class="camera-top">
        <button type="button" class="camera-button" aria-label={text.closeCamera} onClick={onClose}>
          <IconView name="close" />
        </button>
        {!isLost && (
          <p class="camera-promise">
            <IconView name="verified" small />
            {text.stays}
          </p>
        )}
      </div>
      <div class="camera-picture">
        <video ref={video} class="camera-video" playsInline muted aria-label={text.preview} />
        {isLost && (
          <div class="camera-lost" role="alert">
            <p>{state === "refused" ? text.cameraRefused : text.cameraMissing}</p>
            <button type="button" class="button button-primary" onClick={onChoose}>
              {text.choose}
            </button>
            <p>{text.chooseWarning}</p>
          </div>
        )}
      </div>
      <div class="camera-bar">
        <button type="button" class="camera-button" aria-label={text.chooseLabel} onClick={onChoose}>
          <IconView name="gallery" />
        </button>
        <button
          type="button"
          class="camera-shutter"
          aria-label={text.shoot}
          disabled={state !== "ready"}
          onClick={() => {
            if (video.current !== null) onShot(shoot(video.current))
          }}
        />
        {taken > 0 ? (
          <button type="button" class="camera-button camera-done" onClick={onDone}>
            {text.useTaken(taken)}
          </button>
        ) : (
          <button
            type="button"
            class="camera-button"
            aria-label={text.turnCamera}
            onClick={() => setFacing(facing === "user" ? "environment" : "user")}
          >
            <IconView name="turnCamera" />
          </button>
        )}
      </div>
    </div>
  )
}
