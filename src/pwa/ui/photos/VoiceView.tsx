import { useEffect, useRef, useState } from "preact/hooks"
import { IconView } from "../components/IconView.js"
import { SheetView } from "../components/SheetView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { durationText } from "./durations.js"
import { plainType, type Outgoing } from "./outgoing.js"
import "./photos.css"

const longestMs = 5 * 60_000
const bars = 48

type Props = { readonly to: string; readonly onSend: (items: readonly Outgoing[]) => Promise<string | null>; readonly onClose: () => void }
type Recorded = { readonly blob: Blob; readonly durationMs: number; readonly waveform: Uint8Array; readonly url: string }

/** Opus where the browser has it: some 4 kB a second. */
const types = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"]

/** A voice message, recorded in the app and heard before it leaves. */
export function VoiceView({ to, onSend, onClose }: Props) {
  const text = words().media
  const [state, setState] = useState<"starting" | "recording" | "recorded" | "refused">("starting")
  const [elapsedMs, setElapsed] = useState(0)
  const [recorded, setRecorded] = useState<Recorded | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [isSending, setSending] = useState(false)
  const stop = useRef<() => void>(() => undefined)

  useEffect(() => {
    let isOver = false
    let release: () => void = () => undefined
    const record = async () => {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
      const close = () => {
        for (const track of stream.getTracks()) track.stop()
      }
      if (isOver) {
        close()
        return
      }
      const audio = new AudioContext()
      const analyser = audio.createAnalyser()
      audio.createMediaStreamSource(stream).connect(analyser)
      const mimeType = types.find((type) => MediaRecorder.isTypeSupported(type))
      const recorder = new MediaRecorder(stream, { ...(mimeType === undefined ? {} : { mimeType }), audioBitsPerSecond: 32_000 })
      const [chunks, levels]: [Blob[], number[]] = [[], []]
      const samples = new Uint8Array(analyser.fftSize)
      const startedAt = performance.now()
      const timer = setInterval(() => {
        analyser.getByteTimeDomainData(samples)
        levels.push(Math.min(255, 2 * samples.reduce((most, sample) => Math.max(most, Math.abs(sample - 128)), 0)))
        setElapsed(performance.now() - startedAt)
        if (performance.now() - startedAt > longestMs) stop.current()
      }, 100)
      recorder.ondataavailable = ({ data }) => chunks.push(data)
      recorder.onstop = () => {
        clearInterval(timer)
        close()
        void audio.close()
        if (isOver) return
        const blob = new Blob(chunks, { type: plainType(recorder.mimeType) })
        const durationMs = Math.max(1, Math.round(performance.now() - startedAt))
        setRecorded({ blob, durationMs, waveform: shortened(levels), url: URL.createObjectURL(blob) })
        setState("recorded")
      }
      stop.current = () => {
        if (recorder.state !== "inactive") recorder.stop()
      }
      release = stop.current
      recorder.start()
      setState("recording")
    }
    record().catch(() => setState("refused"))
    return () => {
      isOver = true
      release()
    }
  }, [])
  useEffect(() => () => {
    if (recorded !== null) URL.revokeObjectURL(recorded.url)
  }, [recorded])

  const send = async () => {
    if (recorded === null) return
    setSending(true)
    const { blob, durationMs, waveform } = recorded
    const code = await onSend([{ content: blob, mediaType: blob.type, name: "", width: 0, height: 0, durationMs, thumbnail: null, waveform }])
    if (code === null) {
      onClose()
      return
    }
    setFailure(explainCode(code))
    setSending(false)
  }
  return (
    <SheetView title={text.voiceTitle} onClose={onClose}>
      <div class="sending">
        <p class="quiet">{text.to(to)}</p>
        {state === "refused" && <p role="alert">{text.microphoneRefused}</p>}
        {(state === "starting" || state === "recording") && (
          <>
            <p class="voice-clock time" role="timer">
              <span class={state === "recording" ? "voice-dot is-on" : "voice-dot"} aria-hidden="true" />
              {durationText(elapsedMs)}
            </p>
            <button type="button" class="button button-primary button-wide" disabled={state !== "recording"} onClick={() => stop.current()}>
              <IconView name="stop" />
              {text.stopRecording}
            </button>
          </>
        )}
        {recorded !== null && (
          <>
            <audio class="voice-preview" controls controlsList="nodownload noplaybackrate" onContextMenu={(event) => event.preventDefault()} src={recorded.url} aria-label={text.listen} />
            {failure !== null && (
              <p class="field-error" role="alert">
                {failure}
              </p>
            )}
            <div class="dialog-actions">
              <button type="button" class="button button-outline" onClick={onClose}>
                {text.discardVoice}
              </button>
              <button type="button" class="button button-primary" disabled={isSending} onClick={() => void send()}>
                <IconView name="send" />
                {text.sendVoice(durationText(recorded.durationMs))}
              </button>
            </div>
          </>
        )}
        <p class="field-hint">{text.voiceStays}</p>
      </div>
    </SheetView>
  )
}

/** The loudest of each of equal steps of time. */
function shortened(levels: readonly number[]): Uint8Array {
  const count = Math.min(bars, Math.max(1, levels.length))
  return Uint8Array.from({ length: count }, (_, index) => {
    const part = levels.slice(Math.floor((index * levels.length) / count), Math.ceil(((index + 1) * levels.length) / count))
    return Math.max(0, ...part)
  })
}
