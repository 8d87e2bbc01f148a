import { useEffect, useRef, useState } from "preact/hooks"
import { IconView } from "../components/IconView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { CameraView } from "./CameraView.js"
import { EditorView, type Tool } from "./EditorView.js"
import { copied, encodePicture, encodeThumbnail, readPicture, type Canvas } from "./picture.js"
import type { Consent, Outgoing } from "./outgoing.js"
import "./photos.css"

/** What one message holds. */
const mostPhotos = 10
const undoSteps = 8

type Shot = { readonly id: number; readonly picture: Canvas; readonly before: readonly Canvas[]; readonly isChosen: boolean }

export type Context = { readonly site: string; readonly consent: Consent }

export type PhotoFlowProps = {
  readonly startsWith: "camera" | readonly File[]
  /** Who will see it, always on screen. */
  readonly to: string
  readonly patient: string | null
  /** What was said about the last photograph of this discussion. */
  readonly context: Context
  readonly onSend: (items: readonly Outgoing[], text: string, context: Context) => Promise<string | null>
  readonly onClose: () => void
}

const consents: readonly Consent[] = ["", "given", "oral", "impossible", "refused"]

/** From the camera, or chosen files, to a message: one full screen. */
export function PhotoFlowView({ startsWith, to, patient, context, onSend, onClose }: PhotoFlowProps) {
  const text = words().media
  const dialog = useRef<HTMLDialogElement>(null)
  const chooser = useRef<HTMLInputElement>(null)
  const nextId = useRef(1)
  const [shots, setShots] = useState<readonly Shot[]>([])
  const [current, setCurrent] = useState<number | null>(null)
  const [isShooting, setShooting] = useState(startsWith === "camera")
  const [tool, setTool] = useState<Tool>("none")
  const [caption, setCaption] = useState("")
  const [site, setSite] = useState(context.site)
  const [consent, setConsent] = useState<Consent>(context.consent)
  const [failure, setFailure] = useState<string | null>(null)
  const [isSending, setSending] = useState(false)
  const [isLeaving, setLeaving] = useState(false)

  const add = (picture: Canvas, isChosen: boolean) => {
    const id = nextId.current++
    setShots((now) => (now.length < mostPhotos ? [...now, { id, picture, before: [], isChosen }] : now))
    setCurrent(id)
  }
  const read = async (files: readonly File[]) => {
    for (const file of files.slice(0, mostPhotos)) {
      try {
        add(await readPicture(file), true)
        setShooting(false)
      } catch {
        setFailure(text.notAPicture(file.name))
      }
    }
  }
  useEffect(() => {
    dialog.current?.showModal()
    if (startsWith !== "camera") void read(startsWith)
  }, [])

  const shown = shots.find(({ id }) => id === current) ?? shots.at(-1) ?? null
  const change = (id: number, next: (shot: Shot) => Shot) => setShots((now) => now.map((shot) => (shot.id === id ? next(shot) : shot)))
  const remove = (id: number) => {
    const left = shots.filter((shot) => shot.id !== id)
    setShots(left)
    setCurrent(left.at(-1)?.id ?? null)
    if (left.length === 0) setShooting(true)
  }
  const leave = () => {
    if (shots.length === 0) onClose()
    else setLeaving(true)
  }
  const send = async () => {
    setSending(true)
    setFailure(null)
    try {
      const items: Outgoing[] = []
      for (const { picture } of shots) {
        const [{ blob, width, height }, thumbnail] = [await encodePicture(picture), await encodeThumbnail(picture, shots.length)]
        items.push({ content: blob, mediaType: blob.type, name: "", width, height, durationMs: 0, thumbnail, waveform: null })
      }
      const code = await onSend(items, caption.trim(), { site: site.trim(), consent })
      if (code === null) {
        onClose()
        return
      }
      setFailure(explainCode(code))
    } catch {
      setFailure(text.cannotPrepare)
    }
    setSending(false)
  }
  const isChosen = shots.some((shot) => shot.isChosen)
  return (
    <dialog
      ref={dialog}
      class="photos"
      aria-label={isShooting ? text.camera : text.review}
      onCancel={(event) => {
        event.preventDefault()
        leave()
      }}
    >
      <input
        ref={chooser}
        class="visually-hidden"
        type="file"
        accept="image/*"
        multiple
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])]
          event.currentTarget.value = ""
          void read(files)
        }}
      />
      {isShooting ? (
        <CameraView
          taken={shots.length}
          onShot={(shot) => {
            add(shot, false)
            setShooting(false)
          }}
          onDone={() => setShooting(false)}
          onClose={() => (shots.length > 0 ? setShooting(false) : onClose())}
          onChoose={() => chooser.current?.click()}
        />
      ) : (
        <div class="review">
          <header class="review-top">
            <button type="button" class="icon-button" aria-label={words().app.close} onClick={leave}>
              <IconView name="close" />
            </button>
            <div class="row-body">
              <p class="review-to clamp-1">{text.to(to)}</p>
              {patient !== null && <p class="review-patient clamp-1">{patient}</p>}
            </div>
          </header>
          {shown !== null && (
            <EditorView
              key={shown.id}
              picture={shown.picture}
              onTool={setTool}
              onChange={(picture) =>
                change(shown.id, (shot) => ({ ...shot, picture, before: [...shot.before, copied(shot.picture)].slice(-undoSteps) }))
              }
              onUndo={
                shown.before.length === 0
                  ? null
                  : () => change(shown.id, (shot) => ({ ...shot, picture: shot.before.at(-1) ?? shot.picture, before: shot.before.slice(0, -1) }))
              }
              onRetake={shown.isChosen ? null : () => remove(shown.id)}
            />
          )}
          {tool === "none" && (
            <div class="review-bottom">
              <ul class="review-strip" aria-label={text.photos(shots.length)}>
                {shots.map((shot, index) => (
                  <li key={shot.id}>
                    <StripView shot={shot} label={text.photoNumber(index + 1)} isCurrent={shot.id === shown?.id} onShow={() => setCurrent(shot.id)} />
                  </li>
                ))}
                {shots.length < mostPhotos && (
                  <li>
                    <button type="button" class="strip-add" aria-label={text.another} onClick={() => setShooting(true)}>
                      <IconView name="camera" />
                    </button>
                  </li>
                )}
                {shots.length > 1 && shown !== null && (
                  <li>
                    <button type="button" class="strip-add" aria-label={text.removePhoto} onClick={() => remove(shown.id)}>
                      <IconView name="erase" />
                    </button>
                  </li>
                )}
              </ul>
              <div class="review-context">
                <label class="review-site">
                  <span class="visually-hidden">{text.site}</span>
                  <input class="input" maxLength={64} value={site} placeholder={text.site} onInput={(event) => setSite(event.currentTarget.value)} />
                </label>
                <label class="review-consent">
                  <span class="visually-hidden">{text.consent}</span>
                  <select class="input" value={consent} onChange={(event) => setConsent(event.currentTarget.value as Consent)}>
                    {consents.map((each) => (
                      <option key={each} value={each}>
                        {each === "" ? text.consent : text.consents[each]}
                      </option>
                    ))}
                  </select>
                </label>
              </div>
              {consent === "refused" && <p class="review-warning">{text.refusedWarning}</p>}
              {isChosen && <p class="review-warning">{text.maybeInGallery}</p>}
              {failure !== null && (
                <p class="field-error" role="alert">
                  <IconView name="alert" small />
                  {failure}
                </p>
              )}
              <div class="composer-line">
                <textarea
                  class="composer-text"
                  rows={1}
                  maxLength={4000}
                  value={caption}
                  placeholder={text.caption}
                  aria-label={text.caption}
                  onInput={(event) => setCaption(event.currentTarget.value)}
                />
                <button type="button" class="composer-send" aria-label={text.sendPhotos(shots.length)} disabled={isSending || shots.length === 0} onClick={() => void send()}>
                  {isSending ? <span class="spinner" /> : <IconView name="send" />}
                </button>
              </div>
              <p class="review-promise">{isChosen ? text.readOnlyByMembers : text.stays}</p>
            </div>
          )}
        </div>
      )}
      {isLeaving && (
        <div class="review-leave" role="alertdialog" aria-label={text.leaveTitle}>
          <p>{text.leaveTitle}</p>
          <div class="dialog-actions">
            <button type="button" class="button button-outline" onClick={() => setLeaving(false)}>
              {text.keepOn}
            </button>
            <button type="button" class="button button-danger" onClick={onClose}>
              {text.leave}
            </button>
          </div>
        </div>
      )}
    </dialog>
  )
}

function StripView({ shot, label, isCurrent, onShow }: { readonly shot: Shot; readonly label: string; readonly isCurrent: boolean; readonly onShow: () => void }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const target = canvas.current
    if (target === null) return
    const { width, height } = shot.picture
    const side = Math.min(width, height)
    target.getContext("2d")?.drawImage(shot.picture, (width - side) / 2, (height - side) / 2, side, side, 0, 0, target.width, target.height)
  }, [shot.picture])
  return (
    <button type="button" class="strip-shot" aria-label={label} aria-pressed={isCurrent} onClick={onShow}>
      <canvas ref={canvas} width={104} height={104} aria-hidden="true" />
    </button>
  )
}
